import { fail, ok, refuse, type Id, type Problem, type Result } from '@storegraph/core';
import { own, type Tx, uuids } from '@storegraph/database';
import { and, eq, gt, isNull, or, sql } from 'drizzle-orm';
import { linesOf } from '../order/lock.ts';
import { pickUnits, type Picked } from '../order/pick.ts';
import type { OrderRow } from '../order/tables.ts';
import { paymentsOf, sumOf, type RefundedUnits } from './give-back.ts';
import { lineRefund, refundable, spreadRefund, type Share } from './payment.ts';
import { refundLines, refunds, type OrderPaymentRow } from './tables.ts';

export interface RefundAsked {
  readonly amount?: bigint | null | undefined;
  readonly lines?: readonly { readonly lineId: Id<'orl'>; readonly quantity: number }[] | null | undefined;
  readonly payments?: readonly { readonly paymentId: Id<'opm'>; readonly amount: bigint }[] | null | undefined;
}

export interface RefundPlan {
  readonly shares: readonly Share<OrderPaymentRow>[];
  readonly units: readonly RefundedUnits[];
}

export type PlanCode = 'NOT_FOUND' | 'INVALID' | 'NOTHING_TO_REFUND' | 'AMOUNT_TOO_HIGH' | 'QUANTITY_TOO_HIGH' | 'PAYMENTS_DO_NOT_ADD_UP';

/** What a refund of an order that has been locked would take from which payment: never more than is left of it. */
export async function planRefund(tx: Tx, order: OrderRow, asked: RefundAsked): Promise<Result<RefundPlan, PlanCode>> {
  const payments = await paymentsOf(tx, order);
  const left = sumOf(payments.map(refundable));
  if (left === 0n) return fail('NOTHING_TO_REFUND', 'Nothing is left to give back.');
  const picked = asked.lines ? pickUnits(await linesOf(tx, order), asked.lines, (line) => line.quantity - line.refunded) : ok([]);
  if (!picked.ok) return picked;
  const units = await worthOf(tx, picked.value);
  const amount = asked.amount ?? sumOf(units.map((each) => each.amount));
  if (amount === 0n) return fail('NOTHING_TO_REFUND', 'These units cost nothing.', ['lines']);
  if (amount > left) return fail('AMOUNT_TOO_HIGH', 'More than what is left of the payments.', [asked.amount ? 'amount' : 'lines']);

  const shares = asked.payments ? namedShares(payments, asked.payments, amount) : spread(payments, amount);
  return shares.ok ? ok({ shares: shares.value, units }) : shares;
}

/** The units at what was paid for them, less what refunds that stand have given for the line. */
export async function worthOf(tx: Tx, picked: readonly Picked[]): Promise<RefundedUnits[]> {
  if (picked.length === 0) return [];
  const rows = await tx
    .select({ lineId: refundLines.lineId, given: sql`sum(${refundLines.amount})`.mapWith(BigInt) })
    .from(refundLines)
    .innerJoin(refunds, and(eq(refunds.storeId, refundLines.storeId), eq(refunds.id, refundLines.refundId)))
    .where(
      own(
        tx,
        refundLines,
        sql`${refundLines.lineId} = any(${uuids(picked.map(({ line }) => line.id))})`,
        or(isNull(refunds.cancelledAt), gt(refunds.settled, 0n)),
      ),
    )
    .groupBy(refundLines.lineId);
  const given = new Map(rows.map((row) => [row.lineId, row.given]));
  return picked.map(({ line, quantity }) => ({
    line,
    quantity,
    amount: lineRefund(line, { units: line.refunded, given: given.get(line.id) ?? 0n }, quantity),
  }));
}

function spread(payments: readonly OrderPaymentRow[], amount: bigint): Result<Share<OrderPaymentRow>[], 'AMOUNT_TOO_HIGH'> {
  const shares = spreadRefund(payments, amount);
  return shares ? ok(shares) : fail('AMOUNT_TOO_HIGH', 'More than what is left of the payments.', ['amount']);
}

function namedShares(
  payments: readonly OrderPaymentRow[],
  asked: readonly { paymentId: Id<'opm'>; amount: bigint }[],
  amount: bigint,
): Result<Share<OrderPaymentRow>[], PlanCode> {
  const shares: Share<OrderPaymentRow>[] = [];
  const problems: Problem<PlanCode>[] = [];
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
  const sum = sumOf(shares.map((share) => share.amount));
  return sum === amount
    ? ok(shares)
    : fail('PAYMENTS_DO_NOT_ADD_UP', `The shares add up to ${sum}, the refund is ${amount}.`, ['payments']);
}
