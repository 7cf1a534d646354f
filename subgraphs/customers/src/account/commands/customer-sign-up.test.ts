import { movableClock, newId } from '@storegraph/core';
import { identity } from '@storegraph/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { openShop, password } from '../../../test/shop.ts';

const clock = movableClock(new Date());
const { admin, as, create, codes, exchange, from, links, mutate, shopper, signUp, statements, storeId, verify } = await openShop({ clock });
afterEach(() => clock.advance(60 * 60_000));

const join = (input: object, ip = '192.0.2.1') =>
  codes('customerSignUp', { email: `${newId('eml')}@new.test`, password, ...input }, from(ip));

describe('customerSignUp', () => {
  it('makes nobody yet, and sends a link to the address in its normal form', async () => {
    await signUp({ email: '  Ann@New.TEST ', firstName: ' Ann ', language: 'de-at' });
    expect(
      await admin(
        'select (select count(*) from customers.customers)::int as customers, (select count(*) from customers.accounts)::int as accounts',
      ),
    ).toEqual([{ customers: 0, accounts: 0 }]);
    expect(await admin('select email, first_name, last_name, language from customers.sign_ups')).toEqual([
      { email: 'ann@new.test', first_name: 'Ann', last_name: null, language: 'de-AT' },
    ]);
    expect(await links('ann@new.test')).toEqual([
      {
        type: 'customerSignUp.requested',
        payload: expect.objectContaining({ mail: 'VERIFICATION', customerId: null, language: 'de-AT' }),
        personal: { email: 'ann@new.test', firstName: 'Ann' },
        secret: expect.stringMatching(/^cev_[\w-]{43}$/),
      },
    ]);
  });

  it('does the same work for a new address, a guest’s and one with an account, and answers alike', async () => {
    await create({ email: 'guest@known.test' });
    await shopper({ email: 'member@known.test' });
    const cost = async (email: string) => {
      statements();
      const answer = await mutate('customerSignUp', { email, password }, 'accepted', from('192.0.2.7'));
      // Commits are for nobody to wait for.
      return { answer, sent: statements().filter((text) => text !== 'commit') };
    };
    const nobody = await cost('nobody@known.test');
    expect(nobody.answer).toEqual({ accepted: true, userErrors: [] });
    expect(nobody.sent.length).toBeGreaterThan(5);
    expect(await cost('guest@known.test')).toEqual(nobody);
    expect(await cost('member@known.test')).toEqual(nobody);
    const told = await Promise.all(['nobody', 'guest', 'member'].map((name) => links(`${name}@known.test`)));
    expect(told.map((list) => list.at(-1)?.payload['mail'])).toEqual(['VERIFICATION', 'VERIFICATION', 'HAS_ACCOUNT']);
  });

  it('changes nothing about an account that there is', async () => {
    const { tokens } = await shopper({ email: 'owner@known.test' });
    const before = await admin('select p.*, a.* from customers.passwords p join customers.accounts a on a.id = p.account_id');
    expect(await join({ email: 'Owner@known.test', password: 'the password of a thief' })).toEqual([]);
    expect(await admin('select p.*, a.* from customers.passwords p join customers.accounts a on a.id = p.account_id')).toEqual(before);
    expect(await exchange(tokens.accessToken)).not.toBeNull();
    const [last] = (await links('owner@known.test')).slice(-1);
    expect(await codes('customerEmailVerify', { token: last?.secret, password: 'the password of a thief' })).toEqual(['ACCOUNT_EXISTS']);
  });

  it('is five an hour for an address, from wherever, then has to wait, in that store alone', async () => {
    const email = 'flooded@new.test';
    const answers = await Promise.all(Array.from({ length: 12 }, (_, at) => join({ email }, `192.0.2.${at + 10}`)));
    expect(answers.flat()).toEqual(Array.from({ length: 7 }, () => 'TOO_MANY_ATTEMPTS'));
    expect(await links(email)).toHaveLength(5);
    expect(await codes('customerSignUp', { email, password }, from('192.0.2.10', newId('sto')))).toEqual([]);
    clock.advance(60 * 60_000);
    expect(await join({ email })).toEqual([]);
  });

  it('tells no store of the sign-ups of another', async () => {
    const elsewhere = as(identity.anonymous(newId('sto')));
    const token = await signUp({ email: 'two@stores.test' }, elsewhere);
    expect(await codes('customerEmailVerify', { token, password })).toEqual(['INVALID_TOKEN token']);
    const { accessToken } = await verify(token, password, elsewhere);
    expect(await exchange(accessToken)).toMatchObject({ kind: 'CUSTOMER', storeId: expect.not.stringContaining(storeId) as string });
    expect(await codes('customerSessionCreate', { email: 'two@stores.test', password })).toEqual(['INVALID_CREDENTIALS']);
  });

  it('refuses bad input, and a visitor of no store', async () => {
    expect(await join({ email: ' ' })).toEqual(['REQUIRED email']);
    expect(await join({ email: 'not an address' })).toEqual(['INVALID email']);
    expect(await join({ email: `${'a'.repeat(250)}@b.test` })).toEqual(['TOO_LONG email']);
    expect(await join({ password: '' })).toEqual(['REQUIRED password']);
    expect(await join({ password: '123456789' })).toEqual(['PASSWORD_TOO_SHORT password']);
    expect(await join({ password: 'x'.repeat(257) })).toEqual(['TOO_LONG password']);
    expect(await join({ firstName: 'x'.repeat(101), language: 'not_a_locale' })).toEqual(['TOO_LONG firstName', 'INVALID language']);
    expect(await codes('customerSignUp', { email: 'a@b.test', password }, as(identity.anonymous()))).toEqual(['NO_STORE']);
  });
});
