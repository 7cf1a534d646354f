import { fail, ok } from '@storegraph/core';
import { expect, it } from 'vitest';
import { payload } from './payload.ts';

it('has the entity or the errors, never both', () => {
  const refusal = fail('NOT_FOUND', 'No such order.', ['orderId']);
  expect(payload('order', ok({ id: 1 }))).toEqual({ order: { id: 1 }, userErrors: [] });
  expect(payload('order', refusal)).toEqual({
    order: null,
    userErrors: [{ code: 'NOT_FOUND', message: 'No such order.', field: ['orderId'] }],
  });
  expect(payload(ok({ key: 'k', secret: 's' }))).toEqual({ key: 'k', secret: 's', userErrors: [] });
  expect(payload(refusal)).toEqual({ userErrors: refusal.problems });
});
