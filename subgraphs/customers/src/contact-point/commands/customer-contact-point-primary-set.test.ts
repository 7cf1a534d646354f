import { newId } from '@storegraph/core';
import { expect, test } from 'vitest';
import { world } from '../../../test/world.ts';

const { mutate, refused, create, stranger, events } = await world();

const add = async (customerId: string, channel: string, address: string) =>
  (await mutate<{ contactPoint: { id: string } }>('customerContactPointAdd', { customerId, channel, address }, 'contactPoint { id }'))
    .contactPoint.id;

test('another one becomes primary, on its channel alone', async () => {
  const customerId = await create({ email: 'old@example.com', phone: '+447911123456' });
  const contactPointId = await add(customerId, 'EMAIL', 'new@example.com');
  expect(await mutate('customerContactPointPrimarySet', { contactPointId }, 'contactPoint { primary customer { email phone } }')).toEqual({
    contactPoint: { primary: true, customer: { email: 'new@example.com', phone: '+447911123456' } },
    userErrors: [],
  });
  expect((await events()).at(-1)).toMatchObject({
    type: 'customer.contactPointPrimaryChanged',
    payload: { customerId, contactPointId, channel: 'EMAIL' },
  });
});

test('of all that are set at once, one is primary at the end', async () => {
  const customerId = await create();
  const ids: string[] = [];
  for (let at = 0; at < 6; at += 1) ids.push(await add(customerId, 'EXTERNAL', `id-${at}`));
  await Promise.all(ids.map((contactPointId) => mutate('customerContactPointPrimarySet', { contactPointId })));
  const { contactPoint } = await mutate<{ contactPoint: { customer: { contactPoints: { primary: boolean }[] } } }>(
    'customerContactPointAdd',
    { customerId, channel: 'EXTERNAL', address: 'last' },
    'contactPoint { customer { contactPoints { primary } } }',
  );
  expect(contactPoint.customer.contactPoints.filter(({ primary }) => primary)).toHaveLength(1);
});

test('bad input: wrong state, malformed, unknown, foreign', async () => {
  const customerId = await create();
  const primary = await add(customerId, 'EMAIL', 'p@example.com');
  const other = await add(customerId, 'EMAIL', 'o@example.com');
  expect(await refused('customerContactPointPrimarySet', { contactPointId: primary })).toEqual([['ALREADY_PRIMARY', 'contactPointId']]);
  for (const id of ['', newId('cpt'), customerId]) {
    expect(await refused('customerContactPointPrimarySet', { contactPointId: id })).toEqual([['NOT_FOUND', 'contactPointId']]);
  }
  expect(await refused('customerContactPointPrimarySet', { contactPointId: other }, stranger)).toEqual([['NOT_FOUND', 'contactPointId']]);
});
