import { newId } from '@storegraph/core';
import { expect, test } from 'vitest';
import { world } from '../../../test/world.ts';

const { mutate, refused, create, stranger, staff, events, admin } = await world();

const add = (input: Record<string, unknown>) =>
  mutate('customerContactPointAdd', input, 'contactPoint { channel address display source primary verified verifiedAt customer { id } }');

test('the first of a channel is primary, the next one only when asked for', async () => {
  const customerId = await create();
  const email = (address: string, more = {}) => add({ customerId, channel: 'EMAIL', address, ...more });
  expect(await email('One@Example.com')).toEqual({
    contactPoint: {
      channel: 'EMAIL',
      address: 'one@example.com',
      display: 'One@Example.com',
      source: null,
      primary: true,
      verified: false,
      verifiedAt: null,
      customer: { id: customerId },
    },
    userErrors: [],
  });
  expect(await email('two@example.com')).toMatchObject({ contactPoint: { primary: false } });
  expect(await email('three@example.com', { primary: true })).toMatchObject({ contactPoint: { primary: true } });
  const { customer } = await staff.data('query ($id: ID!) { customer(id: $id) { email contactPoints { address primary } } }', {
    id: customerId,
  });
  expect(customer).toEqual({
    email: 'three@example.com',
    contactPoints: [
      { address: 'three@example.com', primary: true },
      { address: 'one@example.com', primary: false },
      { address: 'two@example.com', primary: false },
    ],
  });
  expect((await events()).at(-1)).toMatchObject({
    type: 'customer.contactPointAdded',
    subject: customerId,
    payload: { channel: 'EMAIL', primary: true, verified: false },
    personal: { address: 'three@example.com', source: '' },
  });
});

test("a phone number is read in the country given, else the customer's", async () => {
  const customerId = await create({ firstName: 'A', country: 'GR' });
  expect(await add({ customerId, channel: 'PHONE', address: '691 234 5678' })).toMatchObject({
    contactPoint: { address: '+306912345678' },
  });
  expect(await add({ customerId, channel: 'WHATSAPP', address: '07911 123456', country: 'GB' })).toMatchObject({
    contactPoint: { address: '+447911123456' },
  });
});

test('the same external id is one per system', async () => {
  const customerId = await create();
  const external = (source?: string) => add({ customerId, channel: 'EXTERNAL', address: '99', source });
  expect(await external()).toMatchObject({ contactPoint: { source: null } });
  expect(await external('erp')).toMatchObject({ contactPoint: { source: 'erp' } });
  expect(
    await refused('customerContactPointAdd', { customerId: await create(), channel: 'EXTERNAL', address: '99', source: 'erp' }),
  ).toEqual([['ADDRESS_TAKEN', 'address']]);
});

test('of ten customers who are given one address at once, one has it', async () => {
  const ids = await Promise.all(Array.from({ length: 10 }, () => create()));
  const answers = await Promise.all(ids.map((customerId) => add({ customerId, channel: 'EMAIL', address: 'shared@example.com' })));
  expect(answers.flatMap(({ userErrors }) => userErrors)).toEqual(
    Array.from({ length: 9 }, () => ({ code: 'ADDRESS_TAKEN', field: ['address'] })),
  );
});

test('of ten addresses that a customer is given at once, one is primary', async () => {
  const customerId = await create();
  await Promise.all(
    Array.from({ length: 10 }, (_, at) => add({ customerId, channel: 'PHONE', address: `+44791155555${at}`, primary: at % 2 === 0 })),
  );
  const [row] = await admin(
    `select count(*)::int points, count(*) filter (where is_primary)::int primaries from customers.contact_points where address like '+4479115555%'`,
  );
  expect(row).toEqual({ points: 10, primaries: 1 });
});

test('bad input: missing, malformed, too long, unknown, foreign, taken, too many', async () => {
  const customerId = await create();
  await add({ customerId, channel: 'EMAIL', address: 'taken@example.com' });
  const email = { customerId, channel: 'EMAIL', address: 'new@example.com' };
  expect(await refused('customerContactPointAdd', { ...email, address: ' ' })).toEqual([['REQUIRED', 'address']]);
  expect(await refused('customerContactPointAdd', { ...email, address: 'a'.repeat(255) })).toEqual([['TOO_LONG', 'address']]);
  expect(await refused('customerContactPointAdd', { ...email, channel: 'PHONE', country: 'QQ' })).toEqual([['INVALID', 'country']]);
  expect(await refused('customerContactPointAdd', { ...email, channel: 'EXTERNAL', source: 's'.repeat(51) })).toEqual([
    ['TOO_LONG', 'source'],
  ]);
  expect(await refused('customerContactPointAdd', { ...email, source: 'erp', country: 'GR' })).toEqual([
    ['INVALID', 'country'],
    ['INVALID', 'source'],
  ]);
  for (const [channel, address] of [
    ['EMAIL', 'nobody'],
    ['PHONE', '07911 123456'],
    ['WHATSAPP', 'two words'],
  ]) {
    expect(await refused('customerContactPointAdd', { customerId, channel, address })).toEqual([['INVALID', 'address']]);
  }
  expect(await refused('customerContactPointAdd', { ...email, address: 'TAKEN@example.com' })).toEqual([['ADDRESS_TAKEN', 'address']]);
  for (const id of ['?', newId('cus')])
    expect(await refused('customerContactPointAdd', { ...email, customerId: id })).toEqual([['NOT_FOUND', 'customerId']]);
  expect(await refused('customerContactPointAdd', email, stranger)).toEqual([['NOT_FOUND', 'customerId']]);
  await Promise.all(Array.from({ length: 49 }, (_, at) => add({ ...email, address: `many${at}@example.com` })));
  expect(await refused('customerContactPointAdd', email)).toEqual([['TOO_MANY', null]]);
});
