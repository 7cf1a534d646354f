import { fail, ok, refuse, type Id, type Problem, type Result } from '@storegraph/core';
import { once, type Tx } from '@storegraph/database';
import { idempotencyKey, idOf, multiline, validate, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import { positiveAmount, quantity } from '../../input.ts';
import { linesOf, lockOrder } from '../../order/lock.ts';
import { refundRefusal } from '../../order/order.ts';
import { pickUnits } from '../../order/pick.ts';
import { record } from '../../order/record.ts';
import type { OrderRow } from '../../order/tables.ts';
import { giveBack, paymentsOf, type RefundedUnits } from '../give-back.ts';
import { lineRefund, refundable, refundReasons, spreadRefund, type Share } from '../payment.ts';
import type { OrderPaymentRow } from '../tables.ts';

const schema = z.object({
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
type Input = z.output<typeof schema>;

export async function orderRefund({ db, clock }: Context, given: unknown) {
  const checked = validate(schema, given);
  if (!checked.ok) return checked;
  const input = checked.value;
  if (Boolean(input.amount) === Boolean(input.lines)) return fail('AMOUNT_OR_LINES', 'Give an amount or lines, and not both.', ['amount']);
  return db.write((tx) => once(tx, 'orderRefund', input, () => refund(tx, input, clock.now())));
}

type Code = 'NOT_FOUND' | 'INVALID' | 'NOTHING_TO_REFUND' | 'AMOUNT_TOO_HIGH' | 'QUANTITY_TOO_HIGH' | 'PAYMENTS_DO_NOT_ADD_UP';

async function refund(tx: Tx, input: Input, now: Date): Promise<Result<{ refund: { id: Id<'rfd'> }; order: { id: Id<'ord'> } }, Code>> {
  const order = await lockOrder(tx, input.orderId);
  if (!order) return fail('NOT_FOUND', 'No such order.', ['orderId']);
  if (refundRefusal(order)) return fail('NOTHING_TO_REFUND', 'Nothing is left to give back.');
  const units = input.lines ? await worthOf(tx, order, input.lines) : ok([]);
  if (!units.ok) return units;
  const amount = input.amount ?? units.value.reduce((sum, each) => sum + each.amount, 0n);
  if (amount === 0n) return fail('NOTHING_TO_REFUND', 'These units cost nothing.', ['lines']);
  if (amount > order.captured - order.refunded)
    return fail('AMOUNT_TOO_HIGH', 'More than what is left of the payments.', [input.amount ? 'amount' : 'lines']);

  const payments = await paymentsOf(tx, order);
  const shares = input.payments ? namedShares(payments, input.payments, amount) : spread(payments, amount);
  if (!shares.ok) return shares;
  const given = { shares: shares.value, units: units.value, source: 'MANUAL' as const, reason: input.reason, note: input.note ?? null };
  const { refund: made, fact } = await giveBack(tx, order, given, now);
  await record(tx, order, { refunded: order.refunded + amount }, [fact], now);
  return ok({ refund: { id: made.id }, order: { id: order.id } });
}

/** The units asked for at what was paid for them. */
async function worthOf(
  tx: Tx,
  order: OrderRow,
  asked: readonly { lineId: Id<'orl'>; quantity: number }[],
): Promise<Result<RefundedUnits[], 'NOT_FOUND' | 'INVALID' | 'QUANTITY_TOO_HIGH'>> {
  const picked = pickUnits(await linesOf(tx, order), asked, (line) => line.quantity - line.refunded);
  if (!picked.ok) return picked;
  return ok(picked.value.map(({ line, quantity: units }) => ({ line, quantity: units, amount: lineRefund(line, line.refunded, units) })));
}

function spread(payments: readonly OrderPaymentRow[], amount: bigint): Result<Share<OrderPaymentRow>[], 'AMOUNT_TOO_HIGH'> {
  const shares = spreadRefund(payments, amount);
  return shares ? ok(shares) : fail('AMOUNT_TOO_HIGH', 'More than what is left of the payments.', ['amount']);
}

function namedShares(
  payments: readonly OrderPaymentRow[],
  asked: readonly { paymentId: Id<'opm'>; amount: bigint }[],
  amount: bigint,
): Result<Share<OrderPaymentRow>[], Code> {
  const shares: Share<OrderPaymentRow>[] = [];
  const problems: Problem<Code>[] = [];
  for (const [index, share] of asked.entries()) {
    const payment = payments.find(({ id }) => id === share.paymentId);
    const field = (name: string) => ['payments', String(index), name];
    if (!payment) problems.push({ code: 'NOT_FOUND', message: 'The order has no such payment.', field: field('paymentId') });
    else if (shares.some((other) => other.payment === payment))
      problems.push({ code: 'INVALID', message: 'The payment is named twice.', field: field('paymentId') });
    else if (share.amount > refundable(payment))
      problems.push({ code: 'AMOUNT_TOO_HIGH', message: `Only ${refundable(payment)} is left of it.`, field: field('amount') });
    else shares.push({ payment, amount: share.amount });
  }
  if (problems.length > 0) return refuse(problems);
  const sum = shares.reduce((total, share) => total + share.amount, 0n);
  return sum === amount
    ? ok(shares)
    : fail('PAYMENTS_DO_NOT_ADD_UP', `The shares add up to ${sum}, the refund is ${amount}.`, ['payments']);
}
