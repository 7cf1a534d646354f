import { expect, it } from 'vitest';
import { counterChange, fulfillmentStates, moveRefusal, type FulfillmentState, type Target } from './fulfillment.ts';

const targets: readonly Target[] = ['SHIPPED', 'DELIVERED', 'CANCELLED'];

it('reaches every state of a parcel from PENDING, and no other', () => {
  const reached = new Set<FulfillmentState>(['PENDING']);
  for (const state of reached) for (const target of targets) if (moveRefusal(state, target, 'OPEN') === null) reached.add(target);
  expect([...reached].toSorted()).toEqual([...fulfillmentStates].toSorted());
});

it('moves a parcel of an open order along the table, and refuses the rest with its code', () => {
  const table = fulfillmentStates.map((state) => [state, ...targets.map((target) => moveRefusal(state, target, 'OPEN'))]);
  expect(table).toEqual([
    ['PENDING', null, 'NOT_SHIPPED', null],
    ['SHIPPED', 'ALREADY_SHIPPED', null, null],
    ['DELIVERED', 'ALREADY_DELIVERED', 'ALREADY_DELIVERED', 'ALREADY_DELIVERED'],
    ['CANCELLED', 'ALREADY_CANCELLED', 'ALREADY_CANCELLED', 'ALREADY_CANCELLED'],
  ]);
});

it('only reports deliveries once the order is completed, and nothing once it is cancelled', () => {
  expect(moveRefusal('SHIPPED', 'DELIVERED', 'COMPLETED')).toBeNull();
  expect(moveRefusal('SHIPPED', 'CANCELLED', 'COMPLETED')).toBe('ORDER_CLOSED');
  expect(moveRefusal('SHIPPED', 'DELIVERED', 'CANCELLED')).toBe('ORDER_CLOSED');
});

it('undoes on the counters exactly what was done when a parcel is cancelled', () => {
  expect(counterChange('PENDING', 'SHIPPED')).toEqual({ allocated: 0, shipped: 1, delivered: 0 });
  expect(counterChange('SHIPPED', 'DELIVERED')).toEqual({ allocated: 0, shipped: 0, delivered: 1 });
  expect(counterChange('PENDING', 'CANCELLED')).toEqual({ allocated: -1, shipped: 0, delivered: 0 });
  expect(counterChange('SHIPPED', 'CANCELLED')).toEqual({ allocated: -1, shipped: -1, delivered: 0 });
});
