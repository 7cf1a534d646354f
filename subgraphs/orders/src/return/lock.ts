import type { Id } from '@storegraph/core';
import { first, one, own, type Tx } from '@storegraph/database';
import { asc, eq } from 'drizzle-orm';
import { lockOrder } from '../order/lock.ts';
import type { OrderRow } from '../order/tables.ts';
import { returnLines, returns, type ReturnLineRow, type ReturnRow } from './tables.ts';

export interface LockedReturn {
  readonly order: OrderRow;
  readonly found: ReturnRow;
  readonly lines: readonly ReturnLineRow[];
}

/** Takes the order of a return for this transaction, and gives both, and the return's lines, as they now are. */
export async function lockReturn(tx: Tx, id: Id<'ret'>): Promise<LockedReturn | undefined> {
  const isIt = own(tx, returns, eq(returns.id, id));
  const place = first(await tx.select({ orderId: returns.orderId }).from(returns).where(isIt));
  const order = place && (await lockOrder(tx, place.orderId));
  if (!order) return undefined;
  const [rows, lines] = await Promise.all([
    tx.select().from(returns).where(isIt),
    tx
      .select()
      .from(returnLines)
      .where(own(tx, returnLines, eq(returnLines.returnId, id)))
      .orderBy(asc(returnLines.id)),
  ]);
  return { order, found: one(rows), lines };
}
