import { z } from 'zod';
import { defineEvent } from '../../contract.ts';
import { moneyOf } from '../../schemas.ts';
import { contact, ofOrder, order, person } from './parts.ts';

export const orderPlaced = defineEvent({
  type: 'order.placed',
  version: 1,
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
    total: moneyOf,
    units: z.int().positive(),
    source: z.string(),
    externalId: z.string().nullable(),
    placedAt: z.date(),
  }),
  personal: contact,
});

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
