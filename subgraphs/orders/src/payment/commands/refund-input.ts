import { fail } from '@storegraph/core';
import { idempotencyKey, idOf, multiline } from '@storegraph/subgraph';
import { z } from 'zod';
import { positiveAmount, quantity } from '../../input.ts';
import { refundReasons } from '../payment.ts';

/** What a refund gives back, and why; the same when it is decided and given in one, and when it is only decided. */
export const refundInput = z.object({
  orderId: idOf('ord'),
  amount: positiveAmount.nullish(),
  lines: z
    .array(z.object({ lineId: idOf('orl'), quantity }))
    .min(1, { error: 'Name a line.' })
    .max(1000)
    .nullish(),
  payments: z
    .array(z.object({ paymentId: idOf('opm'), amount: positiveAmount }))
    .min(1, { error: 'Name a payment.' })
    .max(100)
    .nullish(),
  reason: z.enum(refundReasons),
  note: multiline(5000).nullish(),
  idempotencyKey,
});

export const amountOrLines = ({ amount, lines }: { amount?: bigint | null | undefined; lines?: readonly unknown[] | null | undefined }) =>
  Boolean(amount) === Boolean(lines) ? fail('AMOUNT_OR_LINES', 'Give an amount or lines, and not both.', ['amount']) : undefined;
