import { newId, type Id } from '@storegraph/core';
import { one, own, owned, type Tx } from '@storegraph/database';
import { refundCreated } from '@storegraph/events';
import { asc, eq, sql } from 'drizzle-orm';
import { inCurrencyOf, type Fact } from '../order/record.ts';
import { orderLines, type OrderLineRow, type OrderRow } from '../order/tables.ts';
import { integers, uuids } from '../sql.ts';
import type { RefundReason, RefundSource, Share } from './payment.ts';
import { orderPayments, refundLines, refundPayments, refunds, type OrderPaymentRow, type RefundRow } from './tables.ts';

/** The payments of an order that has been locked, oldest first. */
export const paymentsOf = (tx: Tx, order: OrderRow): Promise<OrderPaymentRow[]> =>
  tx
    .select()
    .from(orderPayments)
    .where(own(tx, orderPayments, eq(orderPayments.orderId, order.id)))
    .orderBy(asc(orderPayments.id));

export interface RefundedUnits {
  readonly line: OrderLineRow;
  readonly quantity: number;
  readonly amount: bigint;
}

export interface GivenBack {
  readonly shares: readonly Share<OrderPaymentRow>[];
  readonly units: readonly RefundedUnits[];
  readonly source: RefundSource;
  readonly reason: RefundReason;
  readonly note: string | null;
}

/**
 * Writes a refund of an order that has been locked: the payments' and the lines' counters, the refund, its shares and lines. The caller
 * records the fact with what it changes on the order.
 */
export async function giveBack(
  tx: Tx,
  order: OrderRow,
  { shares, units, ...about }: GivenBack,
  at: Date,
): Promise<{ refund: RefundRow; fact: Fact }> {
  const amount = shares.reduce((sum, share) => sum + share.amount, 0n);
  await tx.execute(sql`
    update ${orderPayments} set refunded = refunded + share.amount, updated_at = now()
    from unnest(${uuids(shares.map(({ payment }) => payment.id))}, ${`{${shares.map((share) => share.amount).join(',')}}`}::bigint[]) as share (id, amount)
    where ${own(tx, orderPayments)} and ${orderPayments.id} = share.id`);
  if (units.length > 0) {
    await tx.execute(sql`
      update ${orderLines} set refunded = refunded + given.quantity
      from unnest(${uuids(units.map(({ line }) => line.id))}, ${integers(units.map(({ quantity }) => quantity))}) as given (id, quantity)
      where ${own(tx, orderLines)} and ${orderLines.id} = given.id`);
  }

  const { customerId } = order;
  const refund = one(
    await tx
      .insert(refunds)
      .values(owned(tx, { ...about, id: newId('rfd'), orderId: order.id, customerId, currency: order.currency, amount, refundedAt: at }))
      .returning(),
  );
  const refundId = refund.id;
  await tx
    .insert(refundPayments)
    .values(
      shares.map((share) => owned(tx, { id: newId('rfp'), refundId, paymentId: share.payment.id, customerId, amount: share.amount })),
    );
  if (units.length > 0) {
    await tx.insert(refundLines).values(
      units.map(({ line, quantity, amount: worth }, index) =>
        owned(tx, {
          id: newId('rfl'),
          refundId,
          lineId: line.id,
          customerId,
          position: index + 1,
          sku: line.sku,
          name: line.name,
          quantity,
          amount: worth,
        }),
      ),
    );
  }
  return { refund, fact: refundedFact(order, refund, units) };
}

const refundedFact = (order: OrderRow, refund: RefundRow, units: readonly RefundedUnits[]): Fact => ({
  kind: 'REFUNDED',
  amount: refund.amount,
  refundId: refund.id,
  reason: refund.reason,
  event: (stamp) =>
    refundCreated({
      ...stamp,
      refundId: refund.id,
      amount: inCurrencyOf(order, refund.amount),
      orderTotal: inCurrencyOf(order, order.total),
      reason: refund.reason,
      lines: units.map(({ line, quantity }): { lineId: Id<'orl'>; quantity: number } => ({ lineId: line.id, quantity })),
      reference: null,
      refundedAt: refund.refundedAt,
    }),
});
