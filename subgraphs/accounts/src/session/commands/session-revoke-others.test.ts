import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { accountsHarness, present, refusals, type Answer } from '../../../test/support.ts';

const { admin, as, person, logIn, exchange, refresh, visitor } = await accountsHarness();
const query =
  'mutation ($input: SessionRevokeOthersInput!) { sessionRevokeOthers(input: $input) { sessions { id status revokedReason } userErrors { code field } } }';
type Ended = Answer<'sessionRevokeOthers', { sessions: { id: string }[] | null }>;
const refused = (client: Parameters<typeof refusals>[0], input: object) =>
  refusals(client, 'sessionRevokeOthers', 'SessionRevokeOthersInput', input);

describe('sessionRevokeOthers', () => {
  it('ends every other session of the user, and nobody else’s', async () => {
    const { client, tokens } = await person('many@example.test');
    const others = [await logIn('many@example.test'), await logIn('many@example.test')];
    const stranger = await person('stranger@example.test');
    const { sessionRevokeOthers } = await client.data<Ended>(query, { input: {} });
    expect(sessionRevokeOthers.sessions?.map(({ id }) => id).toSorted()).toEqual(others.map(({ id }) => id).toSorted());
    expect(sessionRevokeOthers.sessions).toMatchObject([{ status: 'REVOKED', revokedReason: 'REVOKED' }, { status: 'REVOKED' }]);
    for (const { accessToken, refreshToken } of others) {
      expect(await exchange(accessToken)).toBeNull();
      expect((await refresh(refreshToken)).userErrors).toMatchObject([{ code: 'INVALID_REFRESH_TOKEN' }]);
    }
    expect(await exchange(tokens.accessToken)).not.toBeNull();
    expect(await exchange(stranger.tokens.accessToken)).not.toBeNull();
    expect((await client.data<Ended>(query, { input: {} })).sessionRevokeOthers.sessions).toEqual([]);
    expect(await admin(`select count(*)::int as n from events.log where type = 'session.revoked'`)).toEqual([{ n: 2 }]);
  });

  it('keeps the session that is named, and two that name each other leave one', async () => {
    const { identity, tokens } = await person('two@example.test');
    const other = await logIn('two@example.test');
    const there = present(await exchange(other.accessToken));
    await Promise.all([
      as(identity).data(query, { input: { keepSessionId: other.id } }),
      as(there).data(query, { input: { keepSessionId: tokens.id } }),
    ]);
    const live = [await exchange(tokens.accessToken), await exchange(other.accessToken)].filter((found) => found !== null);
    expect(live).toHaveLength(1);
  });

  it('refuses bad input, a session of somebody else and one that is over', async () => {
    const { client } = await person('bad@example.test');
    const victim = await person('victim@example.test');
    for (const keepSessionId of ['not an id', newId('ses'), newId('tot'), victim.tokens.id]) {
      expect(await refused(client, { keepSessionId })).toEqual(['NOT_FOUND keepSessionId']);
    }
    const over = await logIn('bad@example.test');
    await refusals(client, 'sessionRevoke', 'SessionRevokeInput', { sessionId: over.id });
    expect(await refused(client, { keepSessionId: over.id })).toEqual(['NOT_FOUND keepSessionId']);
    expect(await visitor.codes('mutation { sessionRevokeOthers(input: {}) { sessions { id } } }')).toEqual(['UNAUTHENTICATED']);
  });
});
