import { randomUUID } from 'node:crypto';
import { anonymous } from '@storegraph/auth';
import { testClient } from '@storegraph/testing';
import { describe, expect, it } from 'vitest';
import { credentialsHarness } from '../../../test/credentials.ts';
import { createStore, password, present } from '../../../test/support.ts';

const { admin, refused, visitor, code, nextCode, enrolled, begin, challenge, answer, exchange, clock, runtime, events } =
  await credentialsHarness();
const mutation = 'sessionVerifyTotp';
const codes = (given: { readonly userErrors: readonly { readonly code: string }[] }) => given.userErrors.map((error) => error.code);
const wrong = (secret: string) =>
  ['000000', '000001', '000002', '000003'].find((guess) => ![-1, 0, 1].some((step) => stepCode(secret, step) === guess)) ?? '';
const stepCode = (secret: string, step: number) => {
  clock.advance(step * 30_000);
  const shown = code(secret);
  clock.advance(-step * 30_000);
  return shown;
};

describe('sessionVerifyTotp', () => {
  it('begins the session that the password alone did not, in the store that was asked for', async () => {
    const { client, secret, email } = await enrolled('in@example.test');
    const storeId = await createStore(client, 'second-factor');
    const begun = await begin(email, password, storeId);
    expect(begun).toEqual({
      session: null,
      challenge: { token: expect.stringMatching(/^lc_[\w-]{43}$/), expiresAt: expect.any(String) },
      userErrors: [],
    });
    const { session } = await answer(present(begun.challenge).token, nextCode(secret));
    expect(await exchange(present(session).accessToken)).toMatchObject({ kind: 'STAFF', storeId, sessionId: session?.id });
    const { viewer } = await client.data<{ viewer: { user: { logInAttempts: { nodes: object[] } } } }>(
      '{ viewer { user { logInAttempts(first: 1) { totalCount nodes { outcome ip userAgent device } } } } }',
    );
    expect(viewer.user.logInAttempts).toEqual({
      totalCount: 2,
      nodes: [{ outcome: 'SUCCEEDED', ip: null, userAgent: null, device: null }],
    });
  });

  it('takes no code twice: of two challenges with one code at the same moment one is answered, and none later', async () => {
    const { secret, email } = await enrolled('replay@example.test');
    const challenges = await Promise.all(Array.from({ length: 4 }, () => challenge(email)));
    const seen = nextCode(secret);
    const answers = await Promise.all(challenges.map((each) => answer(each, seen)));
    expect(answers.filter(({ session }) => session !== null)).toHaveLength(1);
    expect(answers.flatMap(codes)).toEqual(['INVALID_CODE', 'INVALID_CODE', 'INVALID_CODE']);
    clock.advance(30_000);
    expect(codes(await answer(await challenge(email), seen))).toEqual(['INVALID_CODE']);
  });

  it('takes a backup code once, and says how many are left', async () => {
    const { email, backupCodes } = await enrolled('backup@example.test');
    const [first, second] = [await challenge(email), await challenge(email)];
    const typed = present(backupCodes[3]).replaceAll('-', ' ').toLowerCase();
    const answers = await Promise.all([answer(first, typed), answer(second, typed)]);
    expect(answers.filter(({ session }) => session !== null)).toHaveLength(1);
    expect((await events(email, 'user.backupCodeUsed')).map(({ payload }) => payload['left'])).toEqual([9]);
  });

  it('answers a challenge once, within five minutes, and not after five wrong codes', async () => {
    const { secret, email } = await enrolled('limits@example.test');
    const used = await challenge(email);
    expect(codes(await answer(used, nextCode(secret)))).toEqual([]);
    expect(codes(await answer(used, nextCode(secret)))).toEqual(['INVALID_CHALLENGE']);
    const late = await challenge(email);
    clock.advance(5 * 60_000);
    expect(codes(await answer(late, code(secret)))).toEqual(['INVALID_CHALLENGE']);
    const guessed = await challenge(email);
    for (let count = 0; count < 4; count += 1) expect(codes(await answer(guessed, wrong(secret)))).toEqual(['INVALID_CODE']);
    clock.advance(61 * 60_000);
    await admin(
      `update accounts.one_time_tokens set expires_at = '${new Date(clock.now().getTime() + 300_000).toISOString()}' where used_at is null and ended_at is null`,
    );
    expect(codes(await answer(guessed, wrong(secret)))).toEqual(['INVALID_CODE']);
    clock.advance(1_000);
    expect(codes(await answer(guessed, code(secret)))).toEqual(['INVALID_CHALLENGE']);
  });

  it('slows guesses down over all challenges of an account, of a hundred at once too', async () => {
    const { secret, email } = await enrolled('guessed@example.test');
    const challenges = [await challenge(email), await challenge(email), await challenge(email)];
    const guess = wrong(secret);
    const from = testClient((query, variables) =>
      runtime.execute({ query, variables, identity: anonymous(), requestId: randomUUID(), ip: '192.0.2.66' }),
    );
    const answers = await Promise.all(Array.from({ length: 100 }, (_, count) => answer(present(challenges[count % 3]), guess, from)));
    const counted = Map.groupBy(answers.flatMap(codes), (each) => each);
    expect(counted.get('INVALID_CODE')).toHaveLength(5);
    expect(counted.get('TOO_MANY_ATTEMPTS')).toHaveLength(95);
    // The owner, who has logged in from elsewhere, is not kept out.
    expect(codes(await answer(await challenge(email), nextCode(secret)))).toEqual([]);
  });

  it('refuses bad input', async () => {
    expect(await refused(visitor, mutation, { challenge: '', code: '' })).toEqual(['REQUIRED challenge', 'REQUIRED code']);
    expect(await refused(visitor, mutation, { challenge: 'x'.repeat(201), code: '1'.repeat(101) })).toEqual([
      'TOO_LONG challenge',
      'TOO_LONG code',
    ]);
    expect(await refused(visitor, mutation, { challenge: 'lc_unknown', code: '123456' })).toEqual(['INVALID_CHALLENGE challenge']);
  });
});
