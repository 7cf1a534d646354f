import { fromUuid, movableClock, newId } from '@storegraph/core';
import { identity } from '@storegraph/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { openShop, password } from '../../../test/shop.ts';

const clock = movableClock(new Date());
const { admin, as, codes, create, events, exchange, from, links, logIn, mutate, shopper, signUp, staff, verify } = await openShop({
  clock,
});
afterEach(() => clock.advance(60 * 60_000));

const me =
  '{ currentCustomer { id number firstName lastName language email contactPoints { address verified primary } account { verified createdAt lastLogInAt } } }';
interface Me {
  readonly currentCustomer: { readonly id: string; readonly number: number } | null;
}
const whois = async (accessToken: string) => {
  const who = await exchange(accessToken);
  if (!who) throw new Error('The token is worth nothing.');
  return (await as(who).data<Me>(me)).currentCustomer;
};
const use = (token: string, typed = password) => codes('customerEmailVerify', { token, password: typed });
const typesOf = async (customerId: string) =>
  (await events()).filter(({ payload }) => payload['customerId'] === customerId).map(({ type }) => type);
const pointOf = async (customerId: string) => {
  const { customer } = await staff.data<{ customer: { contactPoints: { id: string }[] } }>(
    'query ($id: ID!) { customer(id: $id) { contactPoints { id } } }',
    { id: customerId },
  );
  return customer.contactPoints[0]?.id;
};
const totals = async () =>
  (
    await admin(
      'select (select count(*) from customers.customers)::int as customers, (select count(*) from customers.accounts)::int as accounts',
    )
  )[0];

describe('customerEmailVerify', () => {
  it('makes a customer of somebody new, with the address verified, and logs in', async () => {
    const now = clock.now().toISOString();
    const { accessToken, id } = await verify(await signUp({ email: 'New@shop.test', firstName: 'Ann', language: 'de' }));
    expect(await exchange(accessToken)).toMatchObject({ kind: 'CUSTOMER', sessionId: id });
    const found = await whois(accessToken);
    expect(found).toEqual({
      id: expect.stringMatching(/^cus_/),
      number: 1,
      firstName: 'Ann',
      lastName: null,
      language: 'de',
      email: 'new@shop.test',
      contactPoints: [{ address: 'new@shop.test', verified: true, primary: true }],
      account: { verified: true, createdAt: now, lastLogInAt: now },
    });
    expect(await typesOf(found?.id ?? '')).toEqual(['customer.created', 'customer.contactPointAdded', 'customer.accountOpened']);
    expect(await admin("select payload->'claimed' as claimed from events.log where type = 'customer.accountOpened'")).toEqual([
      { claimed: false },
    ]);
  });

  it('hands on what was agreed to at the sign-up, once the address is known to be theirs', async () => {
    const consent = {
      channel: 'EMAIL',
      purpose: 'MARKETING',
      given: true,
      evidence: { wording: 'Write to me.', url: 'https://shop.test' },
    };
    const said = clock.now();
    const link = await signUp({ email: 'Agrees@shop.test', consents: [consent, { ...consent, channel: 'SMS', address: '+302101234567' }] });
    const recorded = async () => (await events()).filter(({ type }) => type === 'customer.consentRecorded');
    expect(await recorded()).toEqual([]);
    clock.advance(60_000);
    await verify(link);
    expect((await recorded()).map(({ payload, personal }) => [payload['channel'], payload['source'], payload['at'], personal])).toEqual([
      [
        'EMAIL',
        'STOREFRONT',
        expect.anything(),
        expect.objectContaining({ address: 'agrees@shop.test', wording: 'Write to me.', url: 'https://shop.test' }),
      ],
      ['SMS', 'STOREFRONT', expect.anything(), expect.objectContaining({ address: '+302101234567' })],
    ]);
    expect(JSON.stringify((await recorded())[0]?.payload['at'])).toContain(said.toISOString());
    expect(
      await codes('customerSignUp', {
        email: 'other@shop.test',
        password,
        consents: [
          { ...consent, address: 'foreign@shop.test' },
          { ...consent, channel: 'SMS' },
        ],
      }),
    ).toEqual(['INVALID consents 0 address', 'REQUIRED consents 1 address']);
  });

  it('gives a guest what is theirs once the address is verified, and nothing before', async () => {
    const guest = await create({ lastName: 'Guest', email: 'guest@shop.test', addresses: [{ line1: '1 Long Lane', country: 'GB' }] });
    const before = await totals();
    const token = await signUp({ email: 'guest@shop.test', firstName: 'Grace', language: 'el' });
    expect(await codes('customerSessionCreate', { email: 'guest@shop.test', password })).toEqual(['INVALID_CREDENTIALS']);
    expect(await staff.data('query ($id: ID!) { customer(id: $id) { account { id } } }', { id: guest })).toEqual({
      customer: { account: null },
    });

    const { accessToken } = await verify(token);
    expect(await whois(accessToken)).toMatchObject({
      id: guest,
      firstName: null,
      lastName: 'Guest',
      language: 'el',
      contactPoints: [{ address: 'guest@shop.test', verified: true }],
    });
    expect(await totals()).toEqual({ customers: before?.['customers'], accounts: Number(before?.['accounts']) + 1 });
    expect(await typesOf(guest)).toEqual(
      expect.arrayContaining(['customer.contactPointVerified', 'customer.updated', 'customer.accountOpened']),
    );
  });

  it('gives a customer without a name the one of the sign-up', async () => {
    const guest = await create({ email: 'nameless@shop.test' });
    const { accessToken } = await verify(await signUp({ email: 'nameless@shop.test', firstName: 'Ada', lastName: 'Li' }));
    expect(await whois(accessToken)).toMatchObject({ id: guest, firstName: 'Ada', lastName: 'Li' });
  });

  it('gives nothing to whoever signed up with an address of somebody else, even if that person follows the link', async () => {
    const guest = await create({ email: 'victim@shop.test' });
    const token = await signUp({ email: 'victim@shop.test', password: 'only the thief knows' }, from('203.0.113.9'));
    // The victim, who is asked for a password of theirs.
    expect(await use(token)).toEqual(['INVALID_CREDENTIALS password']);
    expect(await codes('customerSessionCreate', { email: 'victim@shop.test', password: 'only the thief knows' })).toEqual([
      'INVALID_CREDENTIALS',
    ]);
    // And signs up in earnest, which the thief's sign-up does not keep from working.
    const { accessToken } = await verify(await signUp({ email: 'victim@shop.test' }));
    expect(await whois(accessToken)).toMatchObject({ id: guest });
    clock.advance(60_000);
    expect(await use(token, 'only the thief knows')).toEqual(['ACCOUNT_EXISTS']);
  });

  it('makes one account of two sign-ups with one address, whichever comes first, also at the same moment', async () => {
    for (const known of [false, true]) {
      const email = `${newId('eml')}@race.test`;
      if (known) await create({ email });
      const before = await totals();
      const tokens = [];
      for (let at = 0; at < 4; at += 1) tokens.push(await signUp({ email, password: `the password number ${at}` }));
      const answers = await Promise.all(tokens.map((token, at) => use(token, `the password number ${at}`)));
      expect(answers.map((refused) => refused.join()).toSorted()).toEqual(['', 'ACCOUNT_EXISTS', 'ACCOUNT_EXISTS', 'ACCOUNT_EXISTS']);
      expect(await totals()).toEqual({
        customers: Number(before?.['customers']) + (known ? 0 : 1),
        accounts: Number(before?.['accounts']) + 1,
      });
      const [row] = await admin('select count(*)::int - max(number) as gap from customers.customers');
      expect(row).toEqual({ gap: 0 });
    }
  });

  it('is done once, however often the link is followed at the same moment', async () => {
    const token = await signUp({ email: 'twice@shop.test' });
    const answers = await Promise.all(Array.from({ length: 5 }, () => use(token)));
    expect(answers.filter((refused) => refused.length === 0)).toHaveLength(1);
    expect(await use(token)).toEqual(['INVALID_TOKEN token']);
    expect(await admin("select count(*)::int as n from customers.contact_points where address = 'twice@shop.test'")).toEqual([{ n: 1 }]);
  });

  it('agrees with staff who move or remove the address at the same moment', async () => {
    for (let round = 0; round < 6; round += 1) {
      const email = `${newId('eml')}@moving.test`;
      const [first, second] = [await create({ email, firstName: 'A' }), await create({ firstName: 'B' })];
      const contactPointId = await pointOf(first);
      const token = await signUp({ email });
      const [{ accessToken }] = await Promise.all([
        verify(token),
        mutate('customerContactPointRemove', { contactPointId }).then(() =>
          round % 2 === 0 ? null : mutate('customerContactPointAdd', { customerId: second, channel: 'EMAIL', address: email }),
        ),
      ]);
      const holders = await admin<{ customer: string; verified: boolean }>(
        `select customer_id::text as customer, verified_at is not null as verified from customers.contact_points where address = $1`,
        [email],
      );
      // Who has shown that the address is theirs has it, unless staff took it from them since, or gave it to another customer who has shown nothing.
      const found = await whois(accessToken);
      const [holder, ...others] = holders;
      expect(others).toEqual([]);
      if (holder?.verified) expect(fromUuid('cus', holder.customer)).toBe(found?.id);
      else expect(found?.id).toBe(first);
      const accounts = await admin(
        'select count(*)::int as n from customers.accounts a where not exists (select from customers.customers c where c.id = a.customer_id)',
      );
      expect(accounts).toEqual([{ n: 0 }]);
    }
  });

  it('takes an address that was only noted for a customer with an account, and leaves that customer the rest', async () => {
    const member = await shopper({ email: 'member@shop.test' });
    const memberId = member.identity.subjectId ?? '';
    await mutate('customerContactPointAdd', { customerId: memberId, channel: 'EMAIL', address: 'typo@shop.test', primary: true });
    const { accessToken } = await verify(await signUp({ email: 'typo@shop.test' }));
    const found = await whois(accessToken);
    expect(found?.id).not.toBe(memberId);
    expect(await whois(member.tokens.accessToken)).toMatchObject({
      contactPoints: [{ address: 'member@shop.test', verified: true, primary: true }],
    });
    expect(await logIn('member@shop.test')).toBeDefined();
  });

  it('waits for a customer who is disabled to be served again', async () => {
    const customerId = await create({ email: 'disabled@shop.test' });
    await mutate('customerStatusSet', { customerId, status: 'DISABLED' });
    const token = await signUp({ email: 'disabled@shop.test' });
    expect(await use(token)).toEqual(['DISABLED']);
    await mutate('customerStatusSet', { customerId, status: 'ACTIVE' });
    expect(await whois((await verify(token)).accessToken)).toMatchObject({ id: customerId });
  });

  it('keeps nothing of the sign-up but the account: not its row, not its link, nor what it told the log', async () => {
    await verify(await signUp({ email: 'forgotten@shop.test', firstName: 'Once' }));
    expect(await admin("select count(*)::int as n from customers.sign_ups where email = 'forgotten@shop.test'")).toEqual([{ n: 0 }]);
    expect(await links('forgotten@shop.test')).toEqual([]);
  });

  it('slows guesses of the password down', async () => {
    const token = await signUp({ email: 'guessed@shop.test' });
    const guesses = await Promise.all(Array.from({ length: 12 }, () => use(token, 'not the password')));
    expect(guesses.flat().filter((code) => code === 'INVALID_CREDENTIALS password')).toHaveLength(5);
    expect(guesses.flat().filter((code) => code === 'TOO_MANY_ATTEMPTS')).toHaveLength(7);
  });

  it('refuses bad input: no token, one of another store, one that is too old, and no store', async () => {
    expect(await use('')).toEqual(['REQUIRED token']);
    expect(await use('x'.repeat(201))).toEqual(['TOO_LONG token']);
    expect(await use('cev_unknown')).toEqual(['INVALID_TOKEN token']);
    const token = await signUp({ email: 'late@shop.test' });
    expect(await use(token, '')).toEqual(['REQUIRED password']);
    expect(await codes('customerEmailVerify', { token, password }, as(identity.anonymous(newId('sto'))))).toEqual(['INVALID_TOKEN token']);
    expect(await codes('customerEmailVerify', { token, password }, as(identity.anonymous()))).toEqual(['NO_STORE']);
    clock.advance(48 * 60 * 60_000);
    expect(await use(token)).toEqual(['INVALID_TOKEN token']);
  });
});
