import { newId } from '@storegraph/core';
import { expect, test } from 'vitest';
import { world } from '../../../test/world.ts';

const { mutate, refused, create, stranger, staff, events, admin } = await world();

const addresses = async (id: string) =>
  (
    await staff.data<{ customer: { addresses: { line1: string; defaultBilling: boolean; defaultShipping: boolean }[] } }>(
      'query ($id: ID!) { customer(id: $id) { addresses { line1 defaultBilling defaultShipping } } }',
      { id },
    )
  ).customer.addresses;

test('an address is added as given, its phone number read in its country', async () => {
  const customerId = await create();
  const address = {
    label: ' Home ',
    firstName: 'Anna',
    lastName: 'Li',
    company: 'ACME',
    line1: '1 High St',
    line2: 'Flat 2',
    city: 'London',
    region: 'Greater London',
    postalCode: 'N1 9GU',
    country: 'gb',
    phone: '07911 123456',
  };
  const answer = await mutate(
    'customerAddressAdd',
    { customerId, address },
    'address { label firstName lastName company line1 line2 city region postalCode country phone defaultBilling defaultShipping customer { id } }',
  );
  expect(answer).toEqual({
    address: {
      ...address,
      label: 'Home',
      country: 'GB',
      phone: '+447911123456',
      defaultBilling: false,
      defaultShipping: false,
      customer: { id: customerId },
    },
    userErrors: [],
  });
  const last = (await events()).at(-1);
  expect(last).toMatchObject({
    type: 'customer.addressAdded',
    subject: customerId,
    personal: { line1: '1 High St', phone: '+447911123456' },
  });
  expect(Object.keys(last?.payload ?? {})).toEqual(expect.not.arrayContaining(['line1', 'phone', 'lastName']));
});

test('a customer has one default of each kind: the newest claim holds, and defaults come first', async () => {
  const customerId = await create();
  const add = (line1: string, flags: object) => mutate('customerAddressAdd', { customerId, address: { line1, country: 'GR', ...flags } });
  await add('one', { defaultBilling: true, defaultShipping: true });
  await add('two', {});
  await add('three', { defaultShipping: true });
  expect(await addresses(customerId)).toEqual([
    { line1: 'one', defaultBilling: true, defaultShipping: false },
    { line1: 'three', defaultBilling: false, defaultShipping: true },
    { line1: 'two', defaultBilling: false, defaultShipping: false },
  ]);
  const { customer } = await staff.data(
    'query ($id: ID!) { customer(id: $id) { defaultBillingAddress { line1 } defaultShippingAddress { line1 } } }',
    { id: customerId },
  );
  expect(customer).toEqual({ defaultBillingAddress: { line1: 'one' }, defaultShippingAddress: { line1: 'three' } });
});

test('of ten defaults claimed at once, one holds', async () => {
  const customerId = await create();
  await Promise.all(
    Array.from({ length: 10 }, (_, at) =>
      mutate('customerAddressAdd', { customerId, address: { line1: `a${at}`, country: 'GR', defaultBilling: true } }),
    ),
  );
  const list = await addresses(customerId);
  expect(list).toHaveLength(10);
  expect(list.filter((address) => address.defaultBilling)).toHaveLength(1);
});

test('the database itself refuses a second default', async () => {
  const customerId = await create();
  await mutate('customerAddressAdd', { customerId, address: { line1: 'one', country: 'GR', defaultBilling: true } });
  const copy = `insert into customers.addresses (store_id, id, customer_id, line1, country, default_billing)
    select store_id, gen_random_uuid(), customer_id, line1, country, true from customers.addresses where line1 = 'one' and default_billing limit 1`;
  await expect(admin(copy)).rejects.toThrow('addresses_default_billing_key');
});

test('bad input: missing, malformed, too long, unknown, foreign, too many', async () => {
  const customerId = await create();
  const good = { line1: 'x', country: 'GR' };
  expect(
    await refused('customerAddressAdd', {
      customerId,
      address: { line1: '', country: '', city: 'c'.repeat(101), postalCode: 'p'.repeat(21), region: 'a\u0007' },
    }),
  ).toEqual([
    ['TOO_LONG', 'address.city'],
    ['INVALID', 'address.region'],
    ['TOO_LONG', 'address.postalCode'],
    ['REQUIRED', 'address.line1'],
    ['REQUIRED', 'address.country'],
  ]);
  expect(await refused('customerAddressAdd', { customerId, address: { ...good, phone: 'call me' } })).toEqual([
    ['INVALID', 'address.phone'],
  ]);
  for (const id of ['x', newId('cus'), newId('adr')]) {
    expect(await refused('customerAddressAdd', { customerId: id, address: good })).toEqual([['NOT_FOUND', 'customerId']]);
  }
  expect(await refused('customerAddressAdd', { customerId, address: good }, stranger)).toEqual([['NOT_FOUND', 'customerId']]);
  for (let added = 0; added < 100; added += 20) {
    await Promise.all(Array.from({ length: 20 }, () => mutate('customerAddressAdd', { customerId, address: good })));
  }
  expect(await refused('customerAddressAdd', { customerId, address: good })).toEqual([['TOO_MANY', null]]);
});
