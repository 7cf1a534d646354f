import { z } from 'zod';
import { defineEvent } from '../../contract.ts';
import { moneyOf } from '../../schemas.ts';
import { contact, ofOrder, order, person } from './parts.ts';

export const orderPlaced = defineEvent({
  type: 'order.placed',
  version: 2,
  producer: 'orders',
  description: 'An order has been placed, or brought in by an import.',
  aggregate: order,
  subject: person,
  payload: z.object({
    ...ofOrder,
    number: z.string(),
    subtotal: moneyOf,
    discount: moneyOf,
    tax: moneyOf,
    shipping: moneyOf,
    /** What discounts take off the shipping. */
    shippingDiscount: moneyOf,
    total: moneyOf,
    units: z.int().positive(),
    source: z.string(),
    externalId: z.string().nullable(),
    placedAt: z.date(),
  }),
  personal: contact,
  upcast: { 1: withoutShippingDiscount },
});

function withoutShippingDiscount(old: unknown): unknown {
  const { total } = z.looseObject({ total: moneyOf }).parse(old);
  return { ...z.looseObject({}).parse(old), shippingDiscount: { ...total, amount: 0n } };
}

export const orderPaid = defineEvent({
  type: 'order.paid',
  version: 1,
  producer: 'orders',
  description: 'Captured payments cover the total of an order for the first time.',
  aggregate: order,
  payload: z.object({ ...ofOrder, total: moneyOf, captured: moneyOf }),
});

export const orderCancelled = defineEvent({
  type: 'order.cancelled',
  version: 1,
  producer: 'orders',
  description: 'An order will not be delivered.',
  aggregate: order,
  payload: z.object({ ...ofOrder, reason: z.enum(['CUSTOMER', 'INVENTORY', 'FRAUD', 'DECLINED', 'STAFF', 'OTHER']), total: moneyOf }),
});

export const orderCompleted = defineEvent({
  type: 'order.completed',
  version: 1,
  producer: 'orders',
  description: 'An order is paid, delivered and closed.',
  aggregate: order,
  payload: z.object({ ...ofOrder, total: moneyOf, refunded: moneyOf }),
});

export const orderEdited = defineEvent({
  type: 'order.edited',
  version: 1,
  producer: 'orders',
  description: 'What was ordered, or what it costs, has been changed after the order was placed.',
  aggregate: order,
  payload: z.object({
    ...ofOrder,
    subtotal: moneyOf,
    discount: moneyOf,
    tax: moneyOf,
    shipping: moneyOf,
    shippingDiscount: moneyOf,
    total: moneyOf,
    previousTotal: moneyOf,
    /** What is still to pay; below zero, what is to be given back. */
    balance: moneyOf,
    units: z.int().positive(),
  }),
});

export const orderExpired = defineEvent({
  type: 'order.expired',
  version: 1,
  producer: 'orders',
  description: 'An order was not paid in time, and has let go of all that it held.',
  aggregate: order,
  payload: z.object({ ...ofOrder, total: moneyOf }),
});
