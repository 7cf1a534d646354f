import { randomUUID } from 'node:crypto';
import { anonymous } from '@storegraph/auth';
import { testClient } from '@storegraph/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { credentialsHarness } from './credentials.ts';

const { runtime, signUp, enrolled, challenge, refused, clock, sendResets } = await credentialsHarness({ poolSize: 20 });
const day = 24 * 60 * 60_000;
afterEach(() => clock.advance(2 * day));

const from = (ip: string) =>
  testClient((query, variables) => runtime.execute({ query, variables, identity: anonymous(), requestId: randomUUID(), ip }));
const addressOf = (n: number) => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`;

/** How often each answer came, of so many calls, a few at a time. */
async function answers(count: number, call: (n: number) => Promise<readonly string[]>): Promise<Record<string, number>> {
  const counted: Record<string, number> = {};
  let next = 0;
  const work = async () => {
    for (let n = next++; n < count; n = next++) for (const code of await call(n)) counted[code] = (counted[code] ?? 0) + 1;
  };
  await Promise.all(Array.from({ length: 20 }, work));
  return counted;
}

describe('ten thousand guesses', () => {
  it('of the password of one account, from two thousand addresses, give a hundred verdicts', async () => {
    await signUp('target@guess.test');
    const input = { email: 'target@guess.test', password: 'a wrong password' };
    expect(await answers(10_000, (n) => refused(from(addressOf(n % 2_000)), 'sessionCreate', input))).toEqual({
      INVALID_CREDENTIALS: 100,
      TOO_MANY_ATTEMPTS: 9_900,
    });
  });

  it('of a second factor, with the right password, give twenty verdicts', async () => {
    await enrolled('factor@guess.test');
    const challenges = await Promise.all(Array.from({ length: 50 }, () => challenge('factor@guess.test')));
    const guess = (n: number) =>
      refused(from(addressOf(n % 500)), 'sessionVerifyTotp', { challenge: challenges[n % 50], code: `guess ${n}` });
    expect(await answers(10_000, guess)).toEqual({ 'INVALID_CODE code': 20, TOO_MANY_ATTEMPTS: 9_980 });
  });

  it('of reset tokens from one address give fifty verdicts', async () => {
    const guess = (n: number) => refused(from('10.9.9.9'), 'passwordReset', { token: `pr_${n}`, newPassword: 'quite another password' });
    expect(await answers(10_000, guess)).toEqual({ 'INVALID_TOKEN token': 50, TOO_MANY_ATTEMPTS: 9_950 });
  });
});

describe('the time of an answer', () => {
  const median = (times: number[]) => times.toSorted((one, other) => one - other)[Math.floor(times.length / 2)] ?? 0;

  /** Known and unknown by turns, so that whatever else the machine does falls on both; the best of a few runs, since noise only ever parts them. */
  async function difference(call: (email: string, n: number) => Promise<readonly string[]>, known: string): Promise<number> {
    let least = Infinity;
    for (let run = 0; run < 4 && least > 0.1; run += 1) {
      const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] };
      for (let round = 0; round < 60; round += 1) {
        for (const who of round % 2 ? (['known', 'unknown'] as const) : (['unknown', 'known'] as const)) {
          const start = performance.now();
          await call(who === 'known' ? known : `nobody${run}@guess.test`, round);
          times[who].push(performance.now() - start);
        }
        clock.advance(2 * 60 * 60_000);
      }
      least = Math.min(least, Math.abs(median(times.known) / median(times.unknown) - 1));
    }
    return least;
  }

  it('to a wrong password differs by less than a tenth between a known and an unknown address', async () => {
    await signUp('known@guess.test');
    const call = (email: string, n: number) => refused(from(addressOf(n)), 'sessionCreate', { email, password: 'a wrong password' });
    expect(await difference(call, 'known@guess.test')).toBeLessThan(0.1);
  });

  it('to a forgotten password differs by less than a tenth between a known and an unknown address', async () => {
    await signUp('forgot@guess.test');
    const call = (email: string, n: number) => refused(from(addressOf(n)), 'passwordResetRequest', { email });
    expect(await difference(call, 'forgot@guess.test')).toBeLessThan(0.1);
    expect(await sendResets()).toBeGreaterThan(0);
  });
});
