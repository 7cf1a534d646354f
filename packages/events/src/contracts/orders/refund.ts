import { z } from 'zod';
import { defineEvent } from '../../contract.ts';
import { idOf, moneyOf } from '../../schemas.ts';
import { reference, units } from './parts.ts';

export const refundCreated = defineEvent({
  type: 'refund.created',
  version: 1,
  producer: 'orders',
  description: 'Money has gone back to a customer. An imported credit note names no order, and stands for itself.',
  aggregate: (payload) => payload.orderId ?? payload.refundId,
  payload: z.object({
    refundId: idOf('rfd'),
    orderId: idOf('ord').nullable(),
    orderVersion: z.int().positive().nullable(),
    customerId: idOf('cus').nullable(),
    amount: moneyOf,
    /** What the whole order costs, for those who claim back in proportion. */
    orderTotal: moneyOf.nullable(),
    reason: z.enum(['RETURN', 'DAMAGED', 'NOT_DELIVERED', 'OVERCHARGE', 'GOODWILL', 'CANCELLED', 'OTHER']),
    lines: units,
    reference,
    refundedAt: z.date(),
  }),
});
