import { newId } from '@storegraph/core';
import { expect, test } from 'vitest';
import { world } from '../../../test/world.ts';

const { mutate, refused, create, stranger, events } = await world();

const add = async (customerId: string) =>
  (
    await mutate<{ address: { id: string } }>(
      'customerAddressAdd',
      { customerId, address: { line1: 'x', country: 'GR' } },
      'address { id }',
    )
  ).address.id;

test('an address is removed once, and its customer keeps the others', async () => {
  const customerId = await create();
  const [kept, gone] = [await add(customerId), await add(customerId)];
  expect(await mutate('customerAddressRemove', { addressId: gone }, 'customer { id addresses { id } }')).toEqual({
    customer: { id: customerId, addresses: [{ id: kept }] },
    userErrors: [],
  });
  expect((await events()).at(-1)).toMatchObject({
    type: 'customer.addressRemoved',
    payload: { customerId, addressId: gone },
    personal: null,
  });
  expect(await refused('customerAddressRemove', { addressId: gone })).toEqual([['NOT_FOUND', 'addressId']]);
});

test('of five who remove an address at once, one does', async () => {
  const addressId = await add(await create());
  const answers = await Promise.all(Array.from({ length: 5 }, () => mutate('customerAddressRemove', { addressId })));
  expect(answers.flatMap(({ userErrors }) => userErrors.map(({ code }) => code))).toEqual(Array.from({ length: 4 }, () => 'NOT_FOUND'));
});

test('bad input: malformed, unknown, foreign', async () => {
  const addressId = await add(await create());
  for (const id of ['', 'adr_', newId('adr'), newId('cpt')]) {
    expect(await refused('customerAddressRemove', { addressId: id })).toEqual([['NOT_FOUND', 'addressId']]);
  }
  expect(await refused('customerAddressRemove', { addressId }, stranger)).toEqual([['NOT_FOUND', 'addressId']]);
});
