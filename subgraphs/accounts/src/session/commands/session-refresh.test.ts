import { hashToken } from '@storegraph/auth';
import { movableClock } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { accountsHarness, present, refusals, type Tokens } from '../../../test/support.ts';

const clock = movableClock(new Date());
const { visitor, admin, person, merchant, colleague, refresh, exchange } = await accountsHarness({ clock });
const day = 24 * 60 * 60_000;

const good = async (token: string | null): Promise<Tokens> => {
  const { session, userErrors } = await refresh(token);
  return present(session, userErrors);
};
const codes = async (token: string | null) => (await refresh(token)).userErrors.map(({ code }) => code);
describe('sessionRefresh', () => {
  it('gives new tokens of the same session, in the same store', async () => {
    const { tokens, storeId } = await merchant('rotating');
    clock.advance(60_000);
    const next = await good(tokens.refreshToken);
    expect(next.id).toBe(tokens.id);
    expect(next.store).toEqual({ id: storeId });
    expect(next.refreshToken).not.toBe(tokens.refreshToken);
    expect(await exchange(next.accessToken)).toMatchObject({ kind: 'STAFF', storeId, sessionId: tokens.id });
    expect(await good(next.refreshToken)).toMatchObject({ id: tokens.id });
  });

  it('ends the whole family when an old token comes back, for the thief and for the owner', async () => {
    const { tokens } = await person('robbed@example.test');
    const second = await good(tokens.refreshToken);
    clock.advance(10_001);
    expect(await codes(tokens.refreshToken)).toEqual(['INVALID_REFRESH_TOKEN']);
    expect(await codes(second.refreshToken)).toEqual(['INVALID_REFRESH_TOKEN']);
    expect(await exchange(second.accessToken)).toBeNull();
    expect(await admin(`select payload->>'reason' as reason, store_id from events.log where type = 'session.revoked'`)).toEqual([
      { reason: 'TOKEN_REUSED', store_id: null },
    ]);
  });

  it('ends the family even within the grace, once the token’s successor has been used', async () => {
    const { tokens } = await person('quick@example.test');
    const second = await good(tokens.refreshToken);
    const third = await good(second.refreshToken);
    expect(await codes(tokens.refreshToken)).toEqual(['INVALID_REFRESH_TOKEN']);
    expect(await codes(third.refreshToken)).toEqual(['INVALID_REFRESH_TOKEN']);
  });

  it('gives ten calls at the same moment one and the same new token, and the session goes on', async () => {
    const { tokens } = await person('tabs@example.test');
    const answers = await Promise.all(Array.from({ length: 10 }, () => good(tokens.refreshToken)));
    const given = new Set(answers.map(({ refreshToken }) => refreshToken));
    expect(given.size).toBe(1);
    clock.advance(10_000);
    expect((await good(tokens.refreshToken)).refreshToken).toBe(answers[0]?.refreshToken);
    expect(await good(present(answers[0]).refreshToken)).toMatchObject({ id: tokens.id });
    const isGiven = `token_hash = '${hashToken(present(present(answers[0]).refreshToken))}'`;
    expect(await admin(`select count(*)::int as n from accounts.refresh_tokens where ${isGiven}`)).toEqual([{ n: 1 }]);
  });

  it('ends the family of a replayed token, however it races with the owner’s own', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { tokens } = await person(`raced${round}@example.test`);
      const second = await good(tokens.refreshToken);
      clock.advance(10_001);
      const answers = await Promise.all([tokens, second, tokens, second].map(({ refreshToken }) => refresh(refreshToken)));
      for (const refreshToken of [second.refreshToken, ...answers.flatMap(({ session }) => session?.refreshToken ?? [])]) {
        expect(await codes(refreshToken)).toEqual(['INVALID_REFRESH_TOKEN']);
      }
      const ended = `select s.revoked_reason from accounts.sessions s join accounts.users u using (user_id) where u.email = 'raced${round}@example.test'`;
      expect(await admin(ended)).toEqual([{ revoked_reason: 'TOKEN_REUSED' }]);
    }
  });

  it('works for 30 days after the last time, and not a moment longer', async () => {
    const { tokens } = await person('idle@example.test');
    clock.advance(30 * day - 1);
    const next = await good(tokens.refreshToken);
    clock.advance(30 * day);
    expect(await codes(next.refreshToken)).toEqual(['INVALID_REFRESH_TOKEN']);
  });

  it('works for 180 days after the log-in, however often it is used', async () => {
    const { tokens } = await person('regular@example.test');
    let { refreshToken } = tokens;
    for (let days = 0; days < 174; days += 29) {
      clock.advance(29 * day);
      ({ refreshToken } = await good(refreshToken));
    }
    clock.advance(6 * day - 1);
    ({ refreshToken } = await good(refreshToken));
    clock.advance(1);
    expect(await codes(refreshToken)).toEqual(['INVALID_REFRESH_TOKEN']);
  });

  it('leaves a member who was removed logged in, outside of the store', async () => {
    const owner = await merchant('leaving');
    const agent = await colleague(owner, 'leaver@example.test', 'AGENT');
    await owner.client.data('mutation ($input: MemberRemoveInput!) { memberRemove(input: $input) { userErrors { code } } }', {
      input: { memberId: agent.memberId },
    });
    expect((await good(agent.tokens.refreshToken)).store).toBeNull();
  });

  it('gives nothing to a user who has been locked out', async () => {
    const { tokens } = await person('out@example.test');
    await admin(`update accounts.users set active = false where email = 'out@example.test'`);
    expect(await codes(tokens.refreshToken)).toEqual(['INVALID_REFRESH_TOKEN']);
  });

  it('refuses bad input', async () => {
    const refused = (refreshToken: string) => refusals(visitor, 'sessionRefresh', 'SessionRefreshInput', { refreshToken });
    expect(await refused('')).toEqual(['REQUIRED refreshToken']);
    expect(await refused('x'.repeat(201))).toEqual(['TOO_LONG refreshToken']);
    expect(await refused('rt_unknown')).toEqual(['INVALID_REFRESH_TOKEN refreshToken']);
    expect(await visitor.codes('mutation { sessionRefresh(input: {}) { userErrors { code } } }')).toEqual(['BAD_REQUEST']);
  });
});
