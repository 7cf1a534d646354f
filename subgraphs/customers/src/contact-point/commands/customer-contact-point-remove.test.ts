import { newId } from '@storegraph/core';
import { expect, test } from 'vitest';
import { world } from '../../../test/world.ts';

const { mutate, refused, create, stranger, events } = await world();

const add = async (customerId: string, address: string) =>
  (
    await mutate<{ contactPoint: { id: string } }>(
      'customerContactPointAdd',
      { customerId, channel: 'EMAIL', address },
      'contactPoint { id }',
    )
  ).contactPoint.id;

test('when the primary one goes, the oldest verified one takes its place, else the oldest', async () => {
  const customerId = await create();
  const first = await add(customerId, 'first@example.com');
  const second = await add(customerId, 'second@example.com');
  const third = await add(customerId, 'third@example.com');
  await mutate('customerContactPointVerify', { contactPointId: third });

  const remove = (contactPointId: string) => mutate('customerContactPointRemove', { contactPointId }, 'customer { id email }');
  expect(await remove(first)).toEqual({ customer: { id: customerId, email: 'third@example.com' }, userErrors: [] });
  expect((await events()).slice(-2)).toMatchObject([
    { type: 'customer.contactPointRemoved', payload: { customerId, contactPointId: first, channel: 'EMAIL' }, personal: null },
    { type: 'customer.contactPointPrimaryChanged', payload: { customerId, contactPointId: third } },
  ]);
  expect(await remove(third)).toMatchObject({ customer: { email: 'second@example.com' } });
  expect(await remove(second)).toMatchObject({ customer: { email: null } });
});

test('an address that was removed can be given to somebody else', async () => {
  const contactPointId = await add(await create(), 'moving@example.com');
  await mutate('customerContactPointRemove', { contactPointId });
  expect(await add(await create(), 'moving@example.com')).toMatch(/^cpt_/);
});

test('bad input: malformed, unknown, foreign, removed before', async () => {
  const contactPointId = await add(await create(), 'stays@example.com');
  for (const id of ['', 'x', newId('cpt'), newId('adr')]) {
    expect(await refused('customerContactPointRemove', { contactPointId: id })).toEqual([['NOT_FOUND', 'contactPointId']]);
  }
  expect(await refused('customerContactPointRemove', { contactPointId }, stranger)).toEqual([['NOT_FOUND', 'contactPointId']]);
  await mutate('customerContactPointRemove', { contactPointId });
  expect(await refused('customerContactPointRemove', { contactPointId })).toEqual([['NOT_FOUND', 'contactPointId']]);
});
