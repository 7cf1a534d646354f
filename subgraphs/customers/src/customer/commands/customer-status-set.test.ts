import { newId } from '@storegraph/core';
import { expect, test } from 'vitest';
import { world } from '../../../test/world.ts';

const { mutate, refused, create, stranger, events } = await world();

test('a customer is disabled and enabled again, each told by an event', async () => {
  const customerId = await create();
  const selection = 'customer { status availableTransitions { name allowed } }';
  expect(await mutate('customerStatusSet', { customerId, status: 'DISABLED' }, selection)).toEqual({
    customer: {
      status: 'DISABLED',
      availableTransitions: [
        { name: 'ACTIVE', allowed: true },
        { name: 'DISABLED', allowed: false },
      ],
    },
    userErrors: [],
  });
  expect((await events()).at(-1)).toMatchObject({
    type: 'customer.statusChanged',
    payload: { customerId, from: 'ACTIVE', to: 'DISABLED' },
    personal: null,
  });
  expect((await mutate('customerStatusSet', { customerId, status: 'ACTIVE' })).userErrors).toEqual([]);
});

test('bad input: wrong state, unknown, malformed, foreign', async () => {
  const customerId = await create();
  expect(await refused('customerStatusSet', { customerId, status: 'ACTIVE' })).toEqual([['ALREADY_IN_STATUS', 'status']]);
  for (const id of ['nobody', newId('cus'), 'x'.repeat(10_000)]) {
    expect(await refused('customerStatusSet', { customerId: id, status: 'DISABLED' })).toEqual([['NOT_FOUND', 'customerId']]);
  }
  expect(await refused('customerStatusSet', { customerId, status: 'DISABLED' }, stranger)).toEqual([['NOT_FOUND', 'customerId']]);
});

test('of ten who disable a customer at once, one does', async () => {
  const customerId = await create();
  const answers = await Promise.all(Array.from({ length: 10 }, () => mutate('customerStatusSet', { customerId, status: 'DISABLED' })));
  expect(answers.flatMap(({ userErrors }) => userErrors.map(({ code }) => code))).toEqual(
    Array.from({ length: 9 }, () => 'ALREADY_IN_STATUS'),
  );
});
