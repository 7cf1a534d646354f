import type { Id } from '@storegraph/core';
import { bigints, one, own, type Tx, uuids } from '@storegraph/database';
import { and, asc, eq, isNotNull, sql } from 'drizzle-orm';
import type { Fact } from '../order/record.ts';
import type { OrderRow } from '../order/tables.ts';
import { creditCards } from './credit-cards.ts';
import { paymentsOf, refundedFact, sumOf, type NamedUnits } from './give-back.ts';
import { orderPayments, refundLines, refundPayments, refunds, type RefundPaymentRow, type RefundRow } from './tables.ts';

export interface SettledShare {
  readonly share: RefundPaymentRow;
  /** The provider's own id of the money that went back. */
  readonly reference: string | null;
}

/**
 * Notes that shares of a granted refund have gone back: what was promised on their payments is now given, and what was paid by gift card is back on
 * its card. The caller records the fact with what it changes on the order.
 */
export async function settleShares(
  tx: Tx,
  order: OrderRow,
  refund: RefundRow,
  chosen: readonly SettledShare[],
  at: Date,
): Promise<{ fact: Fact; amount: bigint }> {
  const amount = sumOf(chosen.map(({ share }) => share.amount));
  await tx.execute(sql`
    update ${orderPayments} set granted = ${orderPayments.granted} - share.amount, refunded = ${orderPayments.refunded} + share.amount, updated_at = now()
    from unnest(${uuids(chosen.map(({ share }) => share.paymentId))}, ${bigints(chosen.map(({ share }) => share.amount))}) as share (id, amount)
    where ${own(tx, orderPayments)} and ${orderPayments.id} = share.id`);
  for (const { share, reference } of chosen) {
    await tx
      .update(refundPayments)
      .set({ settledAt: at, reference })
      .where(own(tx, refundPayments, eq(refundPayments.id, share.id)));
  }
  one(
    await tx
      .update(refunds)
      .set({ settled: refund.settled + amount, refundedAt: at })
      .where(own(tx, refunds, eq(refunds.id, refund.id)))
      .returning({ id: refunds.id }),
  );

  const payments = new Map((await paymentsOf(tx, order)).map((payment) => [payment.id, payment]));
  const shares = chosen.flatMap(({ share }) => {
    const payment = payments.get(share.paymentId);
    return payment ? [{ payment, amount: share.amount }] : [];
  });
  await creditCards(tx, order, refund, shares, at);
  // The units are told with the first part of the money, and not again.
  const units = refund.settled === 0n ? await unitsOf(tx, refund.id) : [];
  return { fact: refundedFact(order, refund, amount, units, at), amount };
}

/** The units that a refund names. */
export async function unitsOf(tx: Tx, refundId: Id<'rfd'>): Promise<NamedUnits[]> {
  const rows = await tx
    .select({ lineId: refundLines.lineId, quantity: refundLines.quantity })
    .from(refundLines)
    .where(own(tx, refundLines, and(eq(refundLines.refundId, refundId), isNotNull(refundLines.lineId))))
    .orderBy(asc(refundLines.position));
  return rows.flatMap(({ lineId, quantity }) => (lineId ? [{ lineId, quantity }] : []));
}
