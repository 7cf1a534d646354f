import { newId } from '@storegraph/core';
import { expect, test } from 'vitest';
import { world } from '../../../test/world.ts';

const { mutate, refused, create, stranger, events, staff } = await world();

test('what is left out stays, null clears, and the event names what changed', async () => {
  const customerId = await create({ firstName: 'Anna', lastName: 'Li', language: 'en', birthDate: '1990-01-01' });
  const answer = await mutate(
    'customerUpdate',
    { customerId, lastName: 'Wong', birthDate: null, language: 'en', country: 'HK' },
    'customer { firstName lastName birthDate language country }',
  );
  expect(answer).toEqual({
    customer: { firstName: 'Anna', lastName: 'Wong', birthDate: null, language: 'en', country: 'HK' },
    userErrors: [],
  });
  expect((await events()).at(-1)).toMatchObject({
    type: 'customer.updated',
    subject: customerId,
    payload: { customerId, changed: ['lastName', 'birthDate', 'country'] },
    personal: { firstName: 'Anna', lastName: 'Wong', birthDate: null },
  });
});

test('a changed name is found, and the old one no more', async () => {
  const customerId = await create({ firstName: 'Bartholomew', lastName: 'Quux' });
  await mutate('customerUpdate', { customerId, firstName: 'Ermenegildo' });
  const found = async (query: string) =>
    (
      await staff.data<{ customers: { nodes: { id: string }[] } }>('query ($query: String) { customers(query: $query) { nodes { id } } }', {
        query,
      })
    ).customers.nodes;
  expect(await found('ermenegildo')).toEqual([{ id: customerId }]);
  expect(await found('bartholomew')).toEqual([]);
});

test('a change to the same values is no change: no event, no new time', async () => {
  const customerId = await create({ firstName: 'Same' });
  const count = (await events()).length;
  const read = 'customer { updatedAt }';
  const before = await mutate('customerUpdate', { customerId }, read);
  expect(await mutate('customerUpdate', { customerId, firstName: ' Same ', lastName: '' }, read)).toEqual(before);
  expect((await events()).length).toBe(count);
});

test('bad input: malformed, too long, unknown, foreign', async () => {
  const customerId = await create();
  expect(
    await refused('customerUpdate', {
      customerId,
      firstName: 'a'.repeat(101),
      timezone: 'Mars/Base',
      country: 'XX',
      birthDate: 'yesterday',
    }),
  ).toEqual([
    ['TOO_LONG', 'firstName'],
    ['INVALID', 'timezone'],
    ['INVALID', 'birthDate'],
    ['INVALID', 'country'],
  ]);
  for (const id of ['', 'cus_1', newId('cus'), newId('ord')]) {
    expect(await refused('customerUpdate', { customerId: id, firstName: 'B' })).toEqual([['NOT_FOUND', 'customerId']]);
  }
  expect(await refused('customerUpdate', { customerId, firstName: 'B' }, stranger)).toEqual([['NOT_FOUND', 'customerId']]);
});

test('changes of different fields at once are all kept', async () => {
  const customerId = await create({ firstName: 'A' });
  await Promise.all([
    mutate('customerUpdate', { customerId, firstName: 'X' }),
    mutate('customerUpdate', { customerId, lastName: 'Y' }),
    mutate('customerUpdate', { customerId, country: 'GR' }),
  ]);
  const { customer } = await staff.data('query ($id: ID!) { customer(id: $id) { firstName lastName country } }', { id: customerId });
  expect(customer).toEqual({ firstName: 'X', lastName: 'Y', country: 'GR' });
});
