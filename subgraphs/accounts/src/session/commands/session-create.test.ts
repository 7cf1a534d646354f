import { movableClock, newId } from '@storegraph/core';
import { afterEach, describe, expect, it } from 'vitest';
import { accountsHarness, createStore, password, refusals, type Answer, type Tokens } from '../../../test/support.ts';

const clock = movableClock(new Date());
const { visitor, admin, signUp, logIn, person, merchant, exchange, as } = await accountsHarness({ clock });

const refused = (input: object) =>
  refusals(visitor, 'sessionCreate', 'SessionCreateInput', { email: 'ann@example.test', password, ...input });

afterEach(() => clock.advance(24 * 60 * 60_000));

describe('sessionCreate', () => {
  it('gives tokens that name the user, in no store for somebody without one', async () => {
    await signUp('ann@example.test');
    const tokens = await logIn('Ann@Example.test');
    expect(tokens.store).toBeNull();
    expect(tokens.refreshToken).toMatch(/^rt_[\w-]{43}$/);
    expect(await exchange(tokens.accessToken)).toEqual({
      kind: 'STAFF',
      storeId: null,
      subjectId: expect.stringMatching(/^usr_/),
      sessionId: tokens.id,
      permissions: [],
    });
  });

  it('enters the store asked for, else the one last worked in', async () => {
    const first = await merchant('first');
    const second = await createStore(first.client, 'second');
    expect((await logIn(first.email)).store?.id).toBe(first.storeId);
    clock.advance(1000);
    expect((await logIn(first.email, second)).store?.id).toBe(second);
    clock.advance(1000);
    expect((await logIn(first.email)).store?.id).toBe(second);
  });

  it('notes the log-in, and the address and program it came from', async () => {
    const { identity, tokens } = await person('noted@example.test');
    const { viewer } = await as(identity).data<{ viewer: { user: { lastLogInAt: string }; sessions: { id: string; current: boolean }[] } }>(
      '{ viewer { user { lastLogInAt } sessions { id current status ip userAgent } } }',
    );
    expect(viewer.user.lastLogInAt).toBe(clock.now().toISOString());
    expect(viewer.sessions).toEqual([{ id: tokens.id, current: true, status: 'ACTIVE', ip: null, userAgent: null }]);
  });

  it('gives one answer to a wrong password, an unknown address and a user who is locked out', async () => {
    await signUp('locked@example.test');
    await admin(`update accounts.users set active = false where email = 'locked@example.test'`);
    const answers = await Promise.all(
      [
        { email: 'ann@example.test', password: 'a wrong password' },
        { email: 'nobody@example.test', password },
        { email: 'locked@example.test', password },
      ].map((input) =>
        visitor.data<Answer<'sessionCreate', { session: Tokens | null }>>(
          'mutation ($input: SessionCreateInput!) { sessionCreate(input: $input) { session { accessToken } userErrors { code field message } } }',
          { input },
        ),
      ),
    );
    const wrong = {
      sessionCreate: {
        session: null,
        userErrors: [{ code: 'INVALID_CREDENTIALS', field: null, message: 'The e-mail address or the password is wrong.' }],
      },
    };
    expect(answers).toEqual([wrong, wrong, wrong]);
    expect(
      await admin(
        `select count(*)::int as n from accounts.sessions s join accounts.users u using (user_id) where u.email = 'locked@example.test'`,
      ),
    ).toEqual([{ n: 0 }]);
  });

  it('slows guesses down alike for known and unknown accounts, and counts those made at the same moment', async () => {
    await signUp('guessed@example.test');
    for (const email of ['guessed@example.test', 'unknown@example.test']) {
      const guesses = await Promise.all(Array.from({ length: 20 }, () => refused({ email, password: 'a wrong password' })));
      expect(guesses.flat().filter((code) => code === 'INVALID_CREDENTIALS')).toHaveLength(5);
      expect(guesses.flat().filter((code) => code === 'TOO_MANY_ATTEMPTS')).toHaveLength(15);
    }
    // Not even the right password passes, until the wait is over; then it clears the count.
    expect(await refused({ email: 'guessed@example.test' })).toEqual(['TOO_MANY_ATTEMPTS']);
    clock.advance(1000);
    await logIn('guessed@example.test');
    expect(await refused({ email: 'guessed@example.test', password: 'a wrong password' })).toEqual(['INVALID_CREDENTIALS']);
  });

  it('refuses bad input, a store of others and one that does not exist', async () => {
    const { storeId } = await merchant('foreign');
    expect(await refused({ storeId })).toEqual(['NOT_FOUND storeId']);
    expect(await refused({ storeId: newId('sto') })).toEqual(['NOT_FOUND storeId']);
    expect(await refused({ storeId: 'not an id' })).toEqual(['NOT_FOUND storeId']);
    expect(await refused({ email: ' ' })).toEqual(['REQUIRED email']);
    expect(await refused({ email: 'not an address' })).toEqual(['INVALID email']);
    expect(await refused({ email: `${'a'.repeat(250)}@b.test` })).toEqual(['TOO_LONG email']);
    expect(await refused({ password: '' })).toEqual(['REQUIRED password']);
    expect(await refused({ password: 'x'.repeat(257) })).toEqual(['TOO_LONG password']);
  });

  it('enters no store that is suspended, and lets the session begin outside', async () => {
    const { email, storeId } = await merchant('suspended');
    await admin(`update accounts.stores set status = 'SUSPENDED', suspended_at = now() where slug = 'suspended'`);
    expect((await logIn(email)).store).toBeNull();
    expect(await refused({ email, storeId })).toEqual(['NOT_FOUND storeId']);
  });
});
