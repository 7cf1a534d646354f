import { newId } from '@storegraph/core';
import { identity } from '@storegraph/testing';
import { expect, test } from 'vitest';
import { world } from '../../../test/world.ts';

const { mutate, refused, create, staff, stranger, events, as, admin, storeId } = await world();

const whole = `customer { id number firstName lastName displayName language timezone birthDate gender country status email phone
  availableTransitions { name allowed reason } contactPoints { channel address display source primary verified }
  addresses { line1 country phone defaultBilling defaultShipping } }`;

test('a customer is made with all that is known, numbered from 1, and answers as it was made', async () => {
  const input = {
    firstName: '  Ánna ',
    lastName: 'Papadopoulou',
    language: 'EL-gr',
    timezone: 'Europe/Athens',
    birthDate: '1990-02-28',
    gender: 'FEMALE',
    country: 'gr',
    email: 'Anna@Example.COM',
    phone: '691 234 5678',
    externalId: '17850',
    externalSource: 'shop',
    addresses: [{ line1: 'Ermou 1', country: 'GR', phone: '210 123 4567', defaultBilling: true }],
  };
  const { customer, userErrors } = await mutate<{ customer: { id: string } }>('customerCreate', input, whole);
  expect(userErrors).toEqual([]);
  expect(customer).toEqual({
    id: expect.stringMatching(/^cus_/),
    number: 1,
    firstName: 'Ánna',
    lastName: 'Papadopoulou',
    displayName: 'Ánna Papadopoulou',
    language: 'el-GR',
    timezone: 'Europe/Athens',
    birthDate: '1990-02-28',
    gender: 'FEMALE',
    country: 'GR',
    status: 'ACTIVE',
    email: 'anna@example.com',
    phone: '+306912345678',
    availableTransitions: [
      { name: 'ACTIVE', allowed: false, reason: 'ALREADY_IN_STATUS' },
      { name: 'DISABLED', allowed: true, reason: null },
    ],
    contactPoints: [
      { channel: 'EMAIL', address: 'anna@example.com', display: 'Anna@Example.COM', source: null, primary: true, verified: false },
      { channel: 'PHONE', address: '+306912345678', display: '691 234 5678', source: null, primary: true, verified: false },
      { channel: 'EXTERNAL', address: '17850', display: '17850', source: 'shop', primary: true, verified: false },
    ],
    addresses: [{ line1: 'Ermou 1', country: 'GR', phone: '+302101234567', defaultBilling: true, defaultShipping: false }],
  });

  const list = await events();
  expect(list.map(({ type }) => type)).toEqual([
    'customer.created',
    'customer.contactPointAdded',
    'customer.contactPointAdded',
    'customer.contactPointAdded',
    'customer.addressAdded',
  ]);
  for (const event of list) expect(event).toMatchObject({ subject: customer.id, origin: 'LIVE' });
  expect(list[0]).toMatchObject({
    payload: { customerId: customer.id, number: 1, status: 'ACTIVE' },
    personal: { firstName: 'Ánna', country: 'GR' },
  });
  expect(JSON.stringify(list.map(({ payload }) => payload))).not.toMatch(/anna|6912345678|17850|Ermou/i);
});

test('numbers of a store follow each other, also past a refusal; each store counts for itself', async () => {
  const numbers = async (client: typeof staff) =>
    (await mutate<{ customer: { number: number } }>('customerCreate', { firstName: 'N' }, 'customer { number }', client)).customer.number;
  const first = await numbers(staff);
  await refused('customerCreate', { firstName: 'N', email: 'anna@example.com' });
  expect(await numbers(staff)).toBe(first + 1);
  expect(await numbers(stranger)).toBe(1);
});

test('without a name a customer is called by what there is', async () => {
  const { customer } = await mutate<{ customer: { displayName: string } }>(
    'customerCreate',
    { phone: '+447911123456' },
    'customer { displayName }',
  );
  expect(customer.displayName).toBe('+447911123456');
});

test('an address on a channel belongs to one customer of a store, and another store knows nothing of it', async () => {
  expect(await refused('customerCreate', { email: 'ANNA@example.com' })).toEqual([['EMAIL_TAKEN', 'email']]);
  expect(await refused('customerCreate', { email: 'ANNA@example.com', phone: '+30 691 234 5678' })).toEqual([
    ['EMAIL_TAKEN', 'email'],
    ['PHONE_TAKEN', 'phone'],
  ]);
  expect(await refused('customerCreate', { externalId: '17850', externalSource: 'shop' })).toEqual([['EXTERNAL_ID_TAKEN', 'externalId']]);
  await create({ externalId: '17850' });
  await create({ email: 'anna@example.com' }, stranger);
});

test('of twenty customers made at once with one e-mail address, one is made, and the rest leave nothing', async () => {
  const input = { firstName: 'Twin', email: 'twin@example.com', addresses: [{ line1: 'x', country: 'GR' }] };
  const answers = await Promise.all(Array.from({ length: 20 }, () => mutate('customerCreate', input, 'customer { id }')));
  expect(answers.filter(({ userErrors }) => userErrors.length === 0)).toHaveLength(1);
  expect(answers.flatMap(({ userErrors }) => userErrors)).toEqual(
    Array.from({ length: 19 }, () => ({ code: 'EMAIL_TAKEN', field: ['email'] })),
  );
  const [count] = await admin(`select (select count(*)::int from customers.customers where first_name = 'Twin') customers,
    (select count(*)::int from customers.addresses where line1 = 'x') addresses, (select max(number) - count(*) from customers.customers where store_id = (select store_id from customers.customers where first_name = 'Twin'))::int gaps`);
  expect(count).toEqual({ customers: 1, addresses: 1, gaps: 0 });
});

test('bad input: missing, malformed and too long values are refused with their fields', async () => {
  expect(await refused('customerCreate', {})).toEqual([['REQUIRED', null]]);
  expect(await refused('customerCreate', { firstName: '  ', email: null, language: 'en' })).toEqual([['REQUIRED', null]]);
  expect(
    await refused('customerCreate', {
      firstName: 'a'.repeat(101),
      lastName: 'a\u0000b',
      language: 'not a language',
      timezone: '+02:00',
      birthDate: '1990-02-30',
      country: 'XX',
      email: 'b'.repeat(255),
      externalSource: 's'.repeat(51),
    }),
  ).toEqual([
    ['TOO_LONG', 'firstName'],
    ['INVALID', 'lastName'],
    ['INVALID', 'language'],
    ['INVALID', 'timezone'],
    ['INVALID', 'birthDate'],
    ['INVALID', 'country'],
    ['TOO_LONG', 'email'],
    ['TOO_LONG', 'externalSource'],
  ]);
  expect(await refused('customerCreate', { email: 'anna', phone: '12' })).toEqual([
    ['INVALID', 'email'],
    ['INVALID', 'phone'],
  ]);
  expect(await refused('customerCreate', { firstName: 'A', birthDate: '1899-12-31' })).toEqual([['INVALID', 'birthDate']]);
  expect(await refused('customerCreate', { firstName: 'A', birthDate: '2999-01-01' })).toEqual([['INVALID', 'birthDate']]);
  expect(await refused('customerCreate', { phone: '07911 123456' })).toEqual([['INVALID', 'phone']]);
});

test('bad input: addresses are refused by their place in the list', async () => {
  const good = { line1: 'x', country: 'GR' };
  expect(await refused('customerCreate', { firstName: 'A', addresses: [good, { line1: ' ', country: 'QQ', phone: 'x' }] })).toEqual([
    ['REQUIRED', 'addresses.1.line1'],
    ['INVALID', 'addresses.1.country'],
  ]);
  expect(await refused('customerCreate', { firstName: 'A', addresses: [{ ...good, phone: '12' }] })).toEqual([
    ['INVALID', 'addresses.0.phone'],
  ]);
  expect(await refused('customerCreate', { firstName: 'A', addresses: Array.from({ length: 21 }, () => good) })).toEqual([
    ['TOO_LONG', 'addresses'],
  ]);
  const both = { ...good, defaultShipping: true };
  expect(await refused('customerCreate', { firstName: 'A', addresses: [both, good, both] })).toEqual([
    ['DEFAULT_TWICE', 'addresses.2.defaultShipping'],
  ]);
});

test('who may not write makes nobody', async () => {
  const document = 'mutation { customerCreate(input: { firstName: "A" }) { customer { id } userErrors { code } } }';
  const count = async () => (await admin('select count(*)::int n from customers.customers'))[0]?.['n'];
  const before = await count();
  const someone = newId('cus');
  expect(await as(identity.anonymous(storeId)).codes(document)).toEqual(['UNAUTHENTICATED']);
  expect(await as(identity.customer(storeId, someone)).codes(document)).toEqual(['FORBIDDEN']);
  expect(await as(identity.staff(storeId, ['customers:read'])).codes(document)).toEqual(['FORBIDDEN']);
  expect(await as(identity.apiKey(storeId, ['customers:read'])).codes(document)).toEqual(['FORBIDDEN']);
  expect(await count()).toBe(before);
});
