import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  canBecome,
  cancelRefusal,
  completeRefusal,
  fulfillmentStatuses,
  fulfillmentStatusOf,
  initialStatuses,
  nextStatuses,
  orderStatuses,
  orderTransitions,
  paymentStatuses,
  paymentStatusOf,
  summaryStatuses,
  summaryStatusOf,
  type OrderFacts,
  type OrderStatus,
} from './order.ts';

const open: OrderFacts = {
  status: 'OPEN',
  total: 1000n,
  authorized: 0n,
  captured: 0n,
  refunded: 0n,
  orderedUnits: 3,
  allocatedUnits: 0,
  shippedUnits: 0,
  deliveredUnits: 0,
  returnedUnits: 0,
};

const anyOrder: fc.Arbitrary<OrderFacts> = fc
  .record({
    status: fc.constantFrom(...orderStatuses),
    total: fc.bigInt(0n, 30n),
    authorized: fc.bigInt(0n, 30n),
    captured: fc.bigInt(0n, 40n),
    back: fc.bigInt(0n, 40n),
    orderedUnits: fc.integer({ min: 1, max: 3 }),
    units: fc.array(fc.nat(3), { minLength: 4, maxLength: 4 }),
  })
  .map(({ back, units, ...order }) => {
    const [allocatedUnits = 0, shippedUnits = 0, deliveredUnits = 0, returnedUnits = 0] = units.reduce<number[]>(
      (list, unit) => [...list, Math.min(unit, list.length === 3 ? (list[1] ?? 0) : (list.at(-1) ?? order.orderedUnits))],
      [],
    );
    return {
      ...order,
      refunded: back < order.captured ? back : order.captured,
      allocatedUnits,
      shippedUnits,
      deliveredUnits,
      returnedUnits,
    };
  });

describe('the transition table', () => {
  it('reaches every status from those in which an order begins, and no other', () => {
    const reached = new Set<OrderStatus>(initialStatuses);
    for (const status of reached) for (const next of nextStatuses[status]) reached.add(next);
    expect([...reached].toSorted()).toEqual([...orderStatuses].toSorted());
  });

  it('never leads out of an end', () => {
    for (const end of ['COMPLETED', 'CANCELLED', 'EXPIRED'] as const) expect(nextStatuses[end]).toEqual([]);
    expect(canBecome('OPEN', 'DRAFT')).toBe(false);
  });

  it('is what the offered transitions keep to, and what they refuse is told by a code', () => {
    fc.assert(
      fc.property(anyOrder, (order) => {
        if (cancelRefusal(order) === null) expect(canBecome(order.status, 'CANCELLED')).toBe(true);
        if (completeRefusal(order) === null) expect(canBecome(order.status, 'COMPLETED')).toBe(true);
        for (const { allowed, reason } of orderTransitions(order)) expect(allowed).toBe(reason === null);
      }),
    );
  });
});

describe('the payment status', () => {
  it.each([
    ['PENDING', {}],
    ['AUTHORIZED', { authorized: 1000n }],
    ['PARTIALLY_PAID', { captured: 999n }],
    ['PAID', { captured: 1000n }],
    ['OVERPAID', { captured: 1001n }],
    ['PAID', { captured: 1001n, refunded: 1n }],
    ['OVERPAID', { captured: 1002n, refunded: 1n }],
    ['PARTIALLY_REFUNDED', { captured: 1000n, refunded: 1n }],
    ['PARTIALLY_REFUNDED', { captured: 1001n, refunded: 2n }],
    ['REFUNDED', { captured: 1000n, refunded: 1000n }],
    ['REFUNDED', { captured: 10n, refunded: 10n }],
    ['PAID', { total: 0n }],
  ] as const)('is %s for %o', (status, amounts) => {
    expect(paymentStatusOf({ ...open, ...amounts })).toBe(status);
  });

  it('is every one of its values for some amounts, and no other', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(anyOrder, (order) => void seen.add(paymentStatusOf(order))),
      { numRuns: 3000 },
    );
    expect([...seen].toSorted()).toEqual([...paymentStatuses].toSorted());
  });
});

describe('the fulfilment status', () => {
  it('counts a unit once it has left, not when it is packed', () => {
    expect(fulfillmentStatusOf({ ...open, allocatedUnits: 3 })).toBe('UNFULFILLED');
    expect(fulfillmentStatusOf({ ...open, allocatedUnits: 3, shippedUnits: 1 })).toBe('PARTIALLY_FULFILLED');
    expect(fulfillmentStatusOf({ ...open, allocatedUnits: 3, shippedUnits: 3 })).toBe('FULFILLED');
  });

  it('is every one of its values for some units, and no other', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(anyOrder, (order) => void seen.add(fulfillmentStatusOf(order))),
      { numRuns: 3000 },
    );
    expect([...seen].toSorted()).toEqual([...fulfillmentStatuses].toSorted());
  });
});

describe('the summary status', () => {
  it.each([
    ['PENDING', {}],
    ['PENDING', { authorized: 1000n }],
    ['PAID', { captured: 1000n }],
    ['PROCESSING', { captured: 1000n, allocatedUnits: 1 }],
    ['PROCESSING', { captured: 1000n, allocatedUnits: 3, shippedUnits: 2, deliveredUnits: 2 }],
    ['SHIPPED', { captured: 1000n, allocatedUnits: 3, shippedUnits: 3, deliveredUnits: 2 }],
    ['DELIVERED', { captured: 1000n, allocatedUnits: 3, shippedUnits: 3, deliveredUnits: 3 }],
    ['COMPLETED', { status: 'COMPLETED', captured: 1000n, allocatedUnits: 3, shippedUnits: 3 }],
    ['REFUNDED', { status: 'COMPLETED', captured: 1000n, refunded: 1000n }],
    ['CANCELLED', { status: 'CANCELLED', captured: 1000n, refunded: 1000n }],
    ['CANCELLED', { status: 'EXPIRED' }],
  ] as const)('is %s for %o', (summary, facts) => {
    expect(summaryStatusOf({ ...open, ...facts })).toBe(summary);
  });

  it('is every one of its values for some order, and no other', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(anyOrder, (order) => void seen.add(summaryStatusOf(order))),
      { numRuns: 5000 },
    );
    expect([...seen].toSorted()).toEqual([...summaryStatuses].toSorted());
  });
});
