import { z } from 'zod';
import { defineEvent } from '../../contract.ts';
import { idOf, moneyOf } from '../../schemas.ts';
import { ofOrder, order, reference, units } from './parts.ts';

const reason = z.enum(['RETURN', 'DAMAGED', 'NOT_DELIVERED', 'OVERCHARGE', 'GOODWILL', 'CANCELLED', 'OTHER']);

export const refundCreated = defineEvent({
  type: 'refund.created',
  version: 1,
  producer: 'orders',
  description:
    'Money has gone back to a customer: all of a refund, or a part of it, the lines being told with the first. An imported credit note names no order, and stands for itself.',
  aggregate: (payload) => payload.orderId ?? payload.refundId,
  payload: z.object({
    refundId: idOf('rfd'),
    orderId: idOf('ord').nullable(),
    orderVersion: z.int().positive().nullable(),
    customerId: idOf('cus').nullable(),
    amount: moneyOf,
    /** What the whole order costs, for those who claim back in proportion. */
    orderTotal: moneyOf.nullable(),
    reason,
    lines: units,
    reference,
    refundedAt: z.date(),
  }),
});

export const refundGranted = defineEvent({
  type: 'refund.granted',
  version: 1,
  producer: 'orders',
  description: 'A refund has been decided. The money goes back later, and is told by refund.created.',
  aggregate: order,
  payload: z.object({
    ...ofOrder,
    refundId: idOf('rfd'),
    amount: moneyOf,
    reason,
    source: z.enum(['MANUAL', 'CANCELLATION', 'RETURN', 'IMPORT']),
    lines: units,
  }),
});

export const refundCancelled = defineEvent({
  type: 'refund.cancelled',
  version: 1,
  producer: 'orders',
  description: 'What was granted and had not gone back will not go back.',
  aggregate: order,
  payload: z.object({ ...ofOrder, refundId: idOf('rfd'), amount: moneyOf, reason }),
});
