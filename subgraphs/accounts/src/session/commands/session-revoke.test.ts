import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { accountsHarness, refusals, type Answer } from '../../../test/support.ts';

const { admin, person, refresh, exchange, visitor, logIn } = await accountsHarness();

const mutation =
  'mutation ($input: SessionRevokeInput!) { sessionRevoke(input: $input) { session { id status revokedReason } userErrors { code field } } }';
type Revoked = Answer<'sessionRevoke', { session: { id: string; status: string; revokedReason: string } | null }>;

describe('sessionRevoke', () => {
  it('ends the session that asks: neither of its tokens is good any more', async () => {
    const { client, tokens } = await person('out@example.test');
    expect(await client.data<Revoked>(mutation, { input: {} })).toEqual({
      sessionRevoke: { session: { id: tokens.id, status: 'REVOKED', revokedReason: 'LOGGED_OUT' }, userErrors: [] },
    });
    expect(await exchange(tokens.accessToken)).toBeNull();
    expect((await refresh(tokens.refreshToken)).userErrors).toMatchObject([{ code: 'INVALID_REFRESH_TOKEN' }]);
  });

  it('ends the session of a refresh token without an access token, and only that one', async () => {
    const { tokens } = await person('two@example.test');
    const other = await logIn('two@example.test');
    await visitor.data<Revoked>(mutation, { input: { refreshToken: tokens.refreshToken } });
    expect(await exchange(tokens.accessToken)).toBeNull();
    expect(await exchange(other.accessToken)).toMatchObject({ sessionId: other.id });
  });

  it('ends another session of one’s own by its id, and says the same when asked again', async () => {
    const { client } = await person('devices@example.test');
    const lost = await logIn('devices@example.test');
    for (let asked = 0; asked < 2; asked += 1) {
      expect(await client.data<Revoked>(mutation, { input: { sessionId: lost.id } })).toMatchObject({
        sessionRevoke: { session: { id: lost.id, status: 'REVOKED' }, userErrors: [] },
      });
    }
    const [events] = await admin(`select count(*)::int as n from events.log where type = 'session.revoked' and correlation_id is not null
      and aggregate = (select distinct aggregate from events.log where personal->>'email' = 'devices@example.test')`);
    expect(events).toEqual({ n: 1 });
  });

  it('refuses bad input, and treats the session of somebody else as a missing one', async () => {
    const { client } = await person('curious@example.test');
    const victim = await person('victim@example.test');
    const refused = (input: object) => refusals(client, 'sessionRevoke', 'SessionRevokeInput', input);
    expect(await refused({ sessionId: victim.tokens.id })).toEqual(['NOT_FOUND sessionId']);
    expect(await refused({ sessionId: newId('ses') })).toEqual(['NOT_FOUND sessionId']);
    expect(await refused({ sessionId: 'not an id' })).toEqual(['NOT_FOUND sessionId']);
    expect(await refused({ refreshToken: 'rt_unknown' })).toEqual(['NOT_FOUND refreshToken']);
    expect(await refused({ refreshToken: '' })).toEqual(['REQUIRED refreshToken']);
    expect(await refused({ refreshToken: 'x'.repeat(201) })).toEqual(['TOO_LONG refreshToken']);
    expect(await refused({ refreshToken: 'rt_a', sessionId: newId('ses') })).toEqual(['INVALID refreshToken', 'INVALID sessionId']);
    expect(await refusals(visitor, 'sessionRevoke', 'SessionRevokeInput', {})).toEqual(['NOT_FOUND']);
    expect(await exchange(victim.tokens.accessToken)).toMatchObject({ sessionId: victim.tokens.id });
  });
});
