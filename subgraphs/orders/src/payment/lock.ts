import type { Id } from '@storegraph/core';
import { first, one, own, type Tx } from '@storegraph/database';
import { eq } from 'drizzle-orm';
import { lockOrder } from '../order/lock.ts';
import type { OrderRow } from '../order/tables.ts';
import { orderPayments, refunds, type OrderPaymentRow, type RefundRow } from './tables.ts';

/** Takes the order of a payment for this transaction, and gives both as they now are. */
export async function lockPayment(tx: Tx, id: Id<'opm'>): Promise<{ order: OrderRow; payment: OrderPaymentRow } | undefined> {
  const isIt = own(tx, orderPayments, eq(orderPayments.id, id));
  const found = first(await tx.select({ orderId: orderPayments.orderId }).from(orderPayments).where(isIt));
  const order = found && (await lockOrder(tx, found.orderId));
  return order && { order, payment: one(await tx.select().from(orderPayments).where(isIt)) };
}

/** The same for a refund. An imported credit note has no order: nothing of it can change. */
export async function lockRefund(tx: Tx, id: Id<'rfd'>): Promise<{ order: OrderRow | undefined; refund: RefundRow } | undefined> {
  const isIt = own(tx, refunds, eq(refunds.id, id));
  const found = first(await tx.select({ orderId: refunds.orderId }).from(refunds).where(isIt));
  if (!found) return undefined;
  const order = found.orderId ? await lockOrder(tx, found.orderId) : undefined;
  return { order, refund: one(await tx.select().from(refunds).where(isIt)) };
}
