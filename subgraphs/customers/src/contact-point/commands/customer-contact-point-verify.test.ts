import { movableClock, newId } from '@storegraph/core';
import { expect, test } from 'vitest';
import { world } from '../../../test/world.ts';

const clock = movableClock(new Date('2026-05-01T10:00:00.000Z'));
const { mutate, refused, create, stranger, events } = await world({ clock });

const add = async (address: string) =>
  (
    await mutate<{ contactPoint: { id: string } }>(
      'customerContactPointAdd',
      { customerId: await create(), channel: 'EMAIL', address },
      'contactPoint { id }',
    )
  ).contactPoint.id;

test('a contact point is verified once, at that moment', async () => {
  const contactPointId = await add('a@example.com');
  expect(await mutate('customerContactPointVerify', { contactPointId }, 'contactPoint { verified verifiedAt }')).toEqual({
    contactPoint: { verified: true, verifiedAt: '2026-05-01T10:00:00.000Z' },
    userErrors: [],
  });
  expect((await events()).at(-1)).toMatchObject({
    type: 'customer.contactPointVerified',
    payload: { contactPointId, channel: 'EMAIL' },
    personal: null,
  });
});

test('bad input: wrong state, malformed, unknown, foreign', async () => {
  const contactPointId = await add('b@example.com');
  for (const id of ['', newId('cpt'), newId('cus')]) {
    expect(await refused('customerContactPointVerify', { contactPointId: id })).toEqual([['NOT_FOUND', 'contactPointId']]);
  }
  expect(await refused('customerContactPointVerify', { contactPointId }, stranger)).toEqual([['NOT_FOUND', 'contactPointId']]);
  await mutate('customerContactPointVerify', { contactPointId });
  expect(await refused('customerContactPointVerify', { contactPointId })).toEqual([['ALREADY_VERIFIED', 'contactPointId']]);
});
