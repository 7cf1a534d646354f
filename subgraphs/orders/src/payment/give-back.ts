import { newId, type Id } from '@storegraph/core';
import { bigints, integers, one, own, owned, type Tx, uuids } from '@storegraph/database';
import { refundCreated } from '@storegraph/events';
import { asc, eq, sql } from 'drizzle-orm';
import { inCurrencyOf, type Fact } from '../order/record.ts';
import { orderLines, type OrderLineRow, type OrderRow } from '../order/tables.ts';
import { creditCards } from './credit-cards.ts';
import { refundable, spreadRefund, type RefundReason, type RefundSource, type Share } from './payment.ts';
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

/** What is told of a refund of an order that has been locked. */
export interface RefundTold {
  readonly refund: RefundRow;
  readonly fact: Fact;
}

/**
 * Writes a refund of an order that has been locked, decision and money in one: the payments' and the lines' counters, the refund, its shares and
 * lines, and what goes back to gift cards. The caller records the fact with what it changes on the order.
 */
export async function giveBack(tx: Tx, order: OrderRow, given: GivenBack, at: Date): Promise<RefundTold> {
  const { shares, units } = given;
  await addToPayments(tx, shares, 'refunded');
  const refund = await writeRefund(tx, order, given, at, 'SETTLED');
  await creditCards(tx, order, refund, shares, at);
  return { refund, fact: refundedFact(order, refund, refund.amount, namedUnits(units), at) };
}

/** Gives back all that is left of the payments and promised to no other refund; undefined where nothing is. */
export async function giveBackAll(
  tx: Tx,
  order: OrderRow,
  about: Omit<GivenBack, 'shares' | 'units'>,
  at: Date,
): Promise<RefundTold | undefined> {
  const payments = await paymentsOf(tx, order);
  const shares = spreadRefund(payments, sumOf(payments.map(refundable))) ?? [];
  return shares.length > 0 ? giveBack(tx, order, { ...about, shares, units: [] }, at) : undefined;
}

/** Adds the shares to what their payments have given back, or have promised to. The database refuses more than was captured. */
export async function addToPayments(tx: Tx, shares: readonly Share<OrderPaymentRow>[], counter: 'refunded' | 'granted'): Promise<void> {
  const column = sql.identifier(counter);
  await tx.execute(sql`
    update ${orderPayments} set ${column} = ${orderPayments[counter]} + share.amount, updated_at = now()
    from unnest(${uuids(shares.map(({ payment }) => payment.id))}, ${bigints(shares.map((share) => share.amount))}) as share (id, amount)
    where ${own(tx, orderPayments)} and ${orderPayments.id} = share.id`);
}

/** The row of a refund with its shares and lines, and the units on the order's lines. */
export async function writeRefund(
  tx: Tx,
  order: OrderRow,
  { shares, units, ...about }: GivenBack,
  at: Date,
  status: 'GRANTED' | 'SETTLED',
): Promise<RefundRow> {
  const amount = sumOf(shares.map((share) => share.amount));
  const settledAt = status === 'SETTLED' ? at : null;
  if (units.length > 0) {
    await tx.execute(sql`
      update ${orderLines} set refunded = refunded + given.quantity
      from unnest(${uuids(units.map(({ line }) => line.id))}, ${integers(units.map(({ quantity }) => quantity))}) as given (id, quantity)
      where ${own(tx, orderLines)} and ${orderLines.id} = given.id`);
  }

  const { customerId, currency, id: orderId } = order;
  const settled = settledAt ? amount : 0n;
  const refund = one(
    await tx
      .insert(refunds)
      .values(
        owned(tx, { ...about, id: newId('rfd'), orderId, customerId, currency, amount, settled, grantedAt: at, refundedAt: settledAt }),
      )
      .returning(),
  );
  const refundId = refund.id;
  await tx.insert(refundPayments).values(
    shares.map((share) =>
      owned(tx, {
        id: newId('rfp'),
        refundId,
        paymentId: share.payment.id,
        customerId,
        amount: share.amount,
        settledAt,
        reference: null,
      }),
    ),
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
  return refund;
}

export interface NamedUnits {
  readonly lineId: Id<'orl'>;
  readonly quantity: number;
}

export const namedUnits = (units: readonly RefundedUnits[]): NamedUnits[] =>
  units.map(({ line, quantity }) => ({ lineId: line.id, quantity }));

/** The fact that money went back: all of a refund, or a part of it. */
export const refundedFact = (order: OrderRow, refund: RefundRow, amount: bigint, lines: readonly NamedUnits[], at: Date): Fact => ({
  kind: 'REFUNDED',
  amount,
  refundId: refund.id,
  reason: refund.reason,
  event: (stamp) =>
    refundCreated({
      ...stamp,
      refundId: refund.id,
      amount: inCurrencyOf(order, amount),
      orderTotal: inCurrencyOf(order, order.total),
      reason: refund.reason,
      lines: [...lines],
      reference: null,
      refundedAt: at,
    }),
});

export const sumOf = (amounts: readonly bigint[]): bigint => amounts.reduce((sum, amount) => sum + amount, 0n);
