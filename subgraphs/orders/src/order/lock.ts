import type { Id } from '@storegraph/core';
import { first, own, type Tx } from '@storegraph/database';
import { asc, eq } from 'drizzle-orm';
import { orderLines, orders, type OrderLineRow, type OrderRow } from './tables.ts';

/**
 * Takes the order for this transaction. Every command locks the order before it reads or changes anything that belongs to it, so that two
 * of them can neither slip between each other's check and update nor wait for each other in a circle.
 */
export async function lockOrder(tx: Tx, id: Id<'ord'>): Promise<OrderRow | undefined> {
  return first(
    await tx
      .select()
      .from(orders)
      .where(own(tx, orders, eq(orders.id, id)))
      .for('update'),
  );
}

/** The lines of an order that has been locked, in their order. */
export const linesOf = (tx: Tx, order: OrderRow): Promise<OrderLineRow[]> =>
  tx
    .select()
    .from(orderLines)
    .where(own(tx, orderLines, eq(orderLines.orderId, order.id)))
    .orderBy(asc(orderLines.position));
