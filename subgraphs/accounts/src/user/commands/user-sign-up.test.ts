import { anonymous, type Identity } from '@storegraph/auth';
import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { accountsHarness, password, refusals } from '../../../test/support.ts';

const accounts = await accountsHarness();
const { visitor, admin, signUp, logIn } = accounts;
const mutation = 'mutation ($input: UserSignUpInput!) { userSignUp(input: $input) { accepted userErrors { code field message } } }';

describe('userSignUp', () => {
  it('makes a user who can log in at once, whatever the case of the address', async () => {
    expect(await visitor.data(mutation, { input: { email: '  New@Example.TEST ', password, firstName: ' Ann ' } })).toEqual({
      userSignUp: { accepted: true, userErrors: [] },
    });
    expect(await logIn('new@example.test')).toMatchObject({ store: null });
    expect(await admin('select email, first_name, locale, timezone, email_verified_at, active from accounts.users')).toEqual([
      { email: 'new@example.test', first_name: 'Ann', locale: 'en', timezone: 'UTC', email_verified_at: null, active: true },
    ]);
  });

  it('answers alike for a known address, changes nothing, and tells the owner by event', async () => {
    await signUp('known@example.test');
    const before = await admin('select u.*, p.hash from accounts.users u join accounts.passwords p using (user_id) order by email');
    const answer = await visitor.data(mutation, {
      input: { email: 'Known@example.test', password: 'another password entirely', firstName: 'Mallory' },
    });
    expect(answer).toEqual({ userSignUp: { accepted: true, userErrors: [] } });
    expect(await admin('select u.*, p.hash from accounts.users u join accounts.passwords p using (user_id) order by email')).toEqual(
      before,
    );
    const events = await admin(
      `select type, store_id, personal->>'email' as email from events.log where subject = (select aggregate from events.log where personal->>'email' = 'known@example.test' and type = 'user.signedUp')
       and type like 'user.%' order by id`,
    );
    expect(events).toEqual([
      { type: 'user.signedUp', store_id: null, email: 'known@example.test' },
      { type: 'user.emailVerificationRequested', store_id: null, email: 'known@example.test' },
      { type: 'user.signUpRepeated', store_id: null, email: 'known@example.test' },
    ]);
  });

  it('makes one user of twenty sign-ups at the same moment', async () => {
    await Promise.all(Array.from({ length: 20 }, () => signUp('race@example.test')));
    expect(await admin(`select count(*)::int as users from accounts.users where email = 'race@example.test'`)).toEqual([{ users: 1 }]);
  });

  it('names no store in its event, even for a visitor of one', async () => {
    const inStore: Identity = anonymous(newId('sto'));
    await accounts.as(inStore).data(mutation, { input: { email: 'visitor@example.test', password } });
    expect(await admin(`select distinct store_id from events.log where personal->>'email' = 'visitor@example.test'`)).toEqual([
      { store_id: null },
    ]);
  });

  it('refuses bad input with a code and the field', async () => {
    const users = async () => admin('select count(*)::int as n from accounts.users');
    const before = await users();
    const refused = (input: object) => refusals(visitor, 'userSignUp', 'UserSignUpInput', { email: 'a@b.test', password, ...input });
    expect(await refused({ email: '' })).toEqual(['REQUIRED email']);
    expect(await refused({ email: 'not an address' })).toEqual(['INVALID email']);
    expect(await refused({ email: `${'a'.repeat(250)}@b.test` })).toEqual(['TOO_LONG email']);
    expect(await refused({ password: '' })).toEqual(['REQUIRED password']);
    expect(await refused({ password: '123456789' })).toEqual(['PASSWORD_TOO_SHORT password']);
    expect(await refused({ password: 'x'.repeat(257) })).toEqual(['TOO_LONG password']);
    expect(await refused({ firstName: ' ', lastName: 'x'.repeat(101) })).toEqual(['REQUIRED firstName', 'TOO_LONG lastName']);
    expect(await refused({ locale: 'not_a_locale', timezone: 'Europe/Atlantis' })).toEqual(['INVALID locale', 'INVALID timezone']);
    expect(await visitor.codes(mutation, { input: { email: 'a@b.test' } })).toEqual(['BAD_REQUEST']);
    expect(await users()).toEqual(before);
  });
});
