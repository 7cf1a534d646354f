import { randomUUID } from 'node:crypto';
import { anonymous } from '@storegraph/auth';
import { movableClock } from '@storegraph/core';
import { testClient, type TestClient } from '@storegraph/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { accountsHarness, password, refusals } from './support.ts';

const clock = movableClock(new Date());
const { admin, runtime, signUp, person } = await accountsHarness({ clock });
afterEach(() => clock.advance(24 * 60 * 60_000));

const from = (ip: string, more: { signal?: AbortSignal; deadline?: number } = {}) =>
  testClient((query, variables) => runtime.execute({ query, variables, identity: anonymous(), requestId: randomUUID(), ip, ...more }));
const logIn = (ip: string, email: string, typed = password) =>
  refusals(from(ip), 'sessionCreate', 'SessionCreateInput', { email, password: typed });
const guess = (ip: string, email: string) => logIn(ip, email, 'a wrong password');

describe('guesses at an account', () => {
  it('lock it for the address they come from, and for no other', async () => {
    await signUp('victim@attempts.test');
    for (let count = 0; count < 5; count += 1) expect(await guess('192.0.2.66', 'victim@attempts.test')).toEqual(['INVALID_CREDENTIALS']);
    expect(await logIn('192.0.2.66', 'victim@attempts.test')).toEqual(['TOO_MANY_ATTEMPTS']);
    expect(await logIn('192.0.2.1', 'victim@attempts.test')).toEqual([]);
  });

  it('from very many addresses lock it, but not for an address that has logged in to it lately', async () => {
    await signUp('famous@attempts.test');
    expect(await logIn('192.0.2.1', 'famous@attempts.test')).toEqual([]);
    clock.advance(60 * 60_000);
    const [known] = await admin<{ subject_key: string }>(
      `select subject_key from accounts.attempts where purpose = 'LOG_IN' and ip = '192.0.2.1' order by attempted_at desc limit 1`,
    );
    await admin(
      `insert into accounts.attempts (id, purpose, subject_key, ip, outcome, attempted_at)
       select gen_random_uuid(), 'LOG_IN', '${known?.subject_key ?? ''}', '198.51.100.' || n, 'FAILED', '${clock.now().toISOString()}' from generate_series(1, 100) n`,
    );
    expect(await logIn('192.0.2.77', 'famous@attempts.test')).toEqual(['TOO_MANY_ATTEMPTS']);
    expect(await logIn('192.0.2.1', 'famous@attempts.test')).toEqual([]);
    clock.advance(1000);
    expect(await logIn('192.0.2.77', 'famous@attempts.test')).toEqual([]);
  });

  it('do not count when the caller is gone before there is a verdict', async () => {
    await signUp('slow@attempts.test');
    for (let count = 0; count < 8; count += 1) {
      const gone = new AbortController();
      const answer = from('192.0.2.8', { signal: gone.signal }).codes(
        'mutation ($input: SessionCreateInput!) { sessionCreate(input: $input) { userErrors { code } } }',
        { input: { email: 'slow@attempts.test', password } },
      );
      await expect.poll(() => admin(`select count(*)::int as n from accounts.attempts where ip = '192.0.2.8'`)).toEqual([{ n: count + 1 }]);
      gone.abort();
      await answer;
      clock.advance(2_000);
    }
    expect(await admin(`select count(*)::int as n from accounts.attempts where ip = '192.0.2.8' and outcome = 'FAILED'`)).toEqual([
      { n: 0 },
    ]);
    clock.advance(10_000);
    for (let count = 0; count < 4; count += 1) expect(await guess('192.0.2.8', 'slow@attempts.test')).toEqual(['INVALID_CREDENTIALS']);
    expect(await logIn('192.0.2.8', 'slow@attempts.test')).toEqual([]);
  });
});

describe('sign-ups', () => {
  const join = (ip: string, name: string) =>
    refusals(from(ip), 'userSignUp', 'UserSignUpInput', { email: `${name}@attempts.test`, password });

  it('are a hundred an hour from one address, then have to wait, and make no user', async () => {
    await admin(
      `insert into accounts.attempts (id, purpose, subject_key, ip, attempted_at)
       select gen_random_uuid(), 'SIGN_UP', 'x', '192.0.2.99', '${clock.now().toISOString()}' from generate_series(1, 99)`,
    );
    expect(await join('192.0.2.99', 'hundredth')).toEqual([]);
    expect(await join('192.0.2.99', 'one-more')).toEqual(['TOO_MANY_ATTEMPTS']);
    expect(await join('192.0.2.98', 'neighbour')).toEqual([]);
    expect(await admin(`select email from accounts.users where email like 'one-more%'`)).toEqual([]);
    clock.advance(60 * 60_000);
    expect(await join('192.0.2.99', 'one-more')).toEqual([]);
  });

  it('and changes send an address ten mails an hour from wherever they come, known or not, then have to wait alike', async () => {
    await signUp('known@attempts.test');
    const [{ client: one }, { client: two }] = [await person('one@attempts.test'), await person('two@attempts.test')];
    const change = (client: TestClient, name: string) =>
      refusals(client, 'userEmailChangeRequest', 'UserEmailChangeRequestInput', {
        email: `${name}@attempts.test`,
        currentPassword: password,
      });
    const flood = async (name: string) => {
      for (let count = 0; count < 6; count += 1) expect(await join(`198.51.100.${count}`, name)).toEqual([]);
      expect(await change(one, name)).toEqual([]);
      expect(await change(two, name)).toEqual([]);
      expect([await join('198.51.100.8', name), await join('198.51.100.9', name)]).toEqual([
        [],
        name === 'known' ? ['TOO_MANY_ATTEMPTS'] : [],
      ]);
    };
    // The first was sent at the known one's own sign-up.
    await flood('known');
    await flood('unknown');
    for (const name of ['known', 'unknown']) {
      expect([await join('198.51.100.10', name), await change(two, name)]).toEqual([['TOO_MANY_ATTEMPTS'], ['TOO_MANY_ATTEMPTS']]);
      expect(await join('198.51.100.10', `not-${name}`)).toEqual([]);
    }
    const mails = `select count(*)::int as n from events.log where personal->>'email' = 'unknown@attempts.test' and type in
      ('user.emailVerificationRequested', 'user.signUpRepeated', 'user.emailChangeRequested')`;
    expect(await admin(mails)).toEqual([{ n: 10 }]);
    clock.advance(60 * 60_000);
    expect(await join('198.51.100.10', 'unknown')).toEqual([]);
  });
});
