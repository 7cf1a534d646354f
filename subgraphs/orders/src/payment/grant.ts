import { fail, ok, type Result } from '@storegraph/core';
import type { Tx } from '@storegraph/database';
import { refundGranted } from '@storegraph/events';
import { inCurrencyOf, type Fact } from '../order/record.ts';
import type { OrderRow } from '../order/tables.ts';
import {
  addToPayments,
  namedUnits,
  paymentsOf,
  sumOf,
  writeRefund,
  type GivenBack,
  type RefundedUnits,
  type RefundTold,
} from './give-back.ts';
import { refundable, spreadRefund } from './payment.ts';
import type { RefundRow } from './tables.ts';

/**
 * Decides a refund of an order that has been locked and promises it on the payments; money goes back when it is settled. The caller records the
 * fact with `granted: order.granted + refund.amount`.
 */
export async function writeGrant(tx: Tx, order: OrderRow, given: GivenBack, at: Date): Promise<RefundTold> {
  await addToPayments(tx, given.shares, 'granted');
  const refund = await writeRefund(tx, order, given, at, 'GRANTED');
  return { refund, fact: grantedFact(order, refund, given.units) };
}

/** Grants an amount over the payments, the money that came last going back first: for what decides on refunds otherwise than by hand. */
export async function grantRefund(
  tx: Tx,
  order: OrderRow,
  { amount, ...about }: Omit<GivenBack, 'shares'> & { readonly amount: bigint },
  at: Date,
): Promise<Result<RefundTold, 'NOTHING_TO_REFUND' | 'AMOUNT_TOO_HIGH'>> {
  if (amount <= 0n) return fail('NOTHING_TO_REFUND', 'There is nothing to give back.');
  const payments = await paymentsOf(tx, order);
  if (sumOf(payments.map(refundable)) === 0n) return fail('NOTHING_TO_REFUND', 'Nothing is left to give back.');
  const shares = spreadRefund(payments, amount);
  if (!shares) return fail('AMOUNT_TOO_HIGH', 'More than what is left of the payments.', ['amount']);
  return ok(await writeGrant(tx, order, { ...about, shares }, at));
}

const grantedFact = (order: OrderRow, refund: RefundRow, units: readonly RefundedUnits[]): Fact => ({
  kind: 'REFUND_GRANTED',
  amount: refund.amount,
  refundId: refund.id,
  reason: refund.reason,
  event: (stamp) =>
    refundGranted({
      ...stamp,
      refundId: refund.id,
      amount: inCurrencyOf(order, refund.amount),
      reason: refund.reason,
      source: refund.source,
      lines: namedUnits(units),
    }),
});
