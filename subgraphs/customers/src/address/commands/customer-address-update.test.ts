import { newId } from '@storegraph/core';
import { expect, test } from 'vitest';
import { world } from '../../../test/world.ts';

const { mutate, refused, create, stranger, events } = await world();

const add = async (customerId: string, address: object) =>
  (
    await mutate<{ address: { id: string } }>(
      'customerAddressAdd',
      { customerId, address: { line1: 'x', country: 'GR', ...address } },
      'address { id }',
    )
  ).address.id;

test('what is left out stays, null clears, and a default moves here', async () => {
  const customerId = await create();
  const first = await add(customerId, { line1: 'one', defaultShipping: true });
  const addressId = await add(customerId, { line1: 'two', city: 'Athens', label: 'Office', phone: '210 123 4567' });
  const answer = await mutate(
    'customerAddressUpdate',
    { addressId, label: null, city: 'Patras', defaultShipping: true, phone: '2610 123456' },
    'address { label line1 city phone defaultShipping customer { addresses { id defaultShipping } } }',
  );
  expect(answer).toEqual({
    address: {
      label: null,
      line1: 'two',
      city: 'Patras',
      phone: '+302610123456',
      defaultShipping: true,
      customer: {
        addresses: [
          { id: addressId, defaultShipping: true },
          { id: first, defaultShipping: false },
        ],
      },
    },
    userErrors: [],
  });
  expect((await events()).at(-1)).toMatchObject({
    type: 'customer.addressUpdated',
    subject: customerId,
    payload: { addressId, defaultShipping: true },
    personal: { city: 'Patras', label: null },
  });
});

test('a change to the same values is no change', async () => {
  const addressId = await add(await create(), { city: 'Athens' });
  const count = (await events()).length;
  expect((await mutate('customerAddressUpdate', { addressId, city: ' Athens ', line2: '' })).userErrors).toEqual([]);
  expect((await mutate('customerAddressUpdate', { addressId })).userErrors).toEqual([]);
  expect((await events()).length).toBe(count);
});

test('a default can be given up without another taking its place', async () => {
  const addressId = await add(await create(), { defaultBilling: true });
  const { address } = await mutate(
    'customerAddressUpdate',
    { addressId, defaultBilling: false },
    'address { defaultBilling customer { defaultBillingAddress { id } } }',
  );
  expect(address).toEqual({ defaultBilling: false, customer: { defaultBillingAddress: null } });
});

test('bad input: missing, malformed, too long, unknown, foreign', async () => {
  const addressId = await add(await create(), {});
  expect(await refused('customerAddressUpdate', { addressId, line1: null, country: null })).toEqual([
    ['REQUIRED', 'line1'],
    ['REQUIRED', 'country'],
  ]);
  expect(await refused('customerAddressUpdate', { addressId, company: 'c'.repeat(201), country: 'Greece' })).toEqual([
    ['TOO_LONG', 'company'],
    ['INVALID', 'country'],
  ]);
  expect(await refused('customerAddressUpdate', { addressId, phone: '1' })).toEqual([['INVALID', 'phone']]);
  for (const id of ['', newId('adr'), newId('cus')]) {
    expect(await refused('customerAddressUpdate', { addressId: id, line1: 'y' })).toEqual([['NOT_FOUND', 'addressId']]);
  }
  expect(await refused('customerAddressUpdate', { addressId, line1: 'y' }, stranger)).toEqual([['NOT_FOUND', 'addressId']]);
});
