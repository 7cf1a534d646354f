import { fromUuid, type Id } from '@storegraph/core';
import { first, own, type Tx } from '@storegraph/database';
import { orderExpired } from '@storegraph/events';
import { and, eq, sql, type SQL } from 'drizzle-orm';
import { cancelPending } from '../fulfillment/move.ts';
import { inCurrencyOf, record, type Fact } from './record.ts';
import { releaseEverything } from './release.ts';
import { orders, type OrderRow } from './tables.ts';

/**
 * The orders whose time is up, by the database's clock, and that nothing keeps: no money came, or is held for all of it, and no goods have left.
 * As the index says it.
 */
const isDue = (): SQL | undefined =>
  and(
    eq(orders.status, sql`'OPEN'`),
    sql`${orders.expiresAt} is not null and ${orders.expiresAt} <= now()`,
    sql`${orders.captured} = 0 and ${orders.authorized} < ${orders.total} and ${orders.shippedUnits} = 0`,
  );

/**
 * Gives an order up that was not paid in time, with all that it holds. False when it is not due any more, or somebody has it in hand: whoever
 * pays, cancels or packs at this moment comes before, and is found here, or after, and finds the order expired.
 */
export async function expireOrder(tx: Tx, id: Id<'ord'>): Promise<boolean> {
  const found = first(
    await tx
      .select({ order: orders, now: sql`now()`.mapWith(orders.placedAt) })
      .from(orders)
      .where(own(tx, orders, eq(orders.id, id), isDue()))
      .for('update', { skipLocked: true }),
  );
  if (!found) return false;
  const { order, now } = found;
  const parcels = order.allocatedUnits > 0 ? await cancelPending(tx, order, now) : [];
  const released = await releaseEverything(tx, order, now);
  const changes = { status: 'EXPIRED' as const, expiredAt: now, allocatedUnits: 0, authorized: 0n };
  await record(tx, order, changes, [...parcels, ...released, expiredFact(order)], now);
  return true;
}

const expiredFact = (order: OrderRow): Fact => ({
  kind: 'EXPIRED',
  event: (stamp) => orderExpired({ ...stamp, total: inCurrencyOf(order, order.total) }),
});

export interface DueOrder {
  readonly id: Id<'ord'>;
  readonly storeId: Id<'sto'>;
  readonly expiresAt: Date;
}

/** Orders of all stores whose time is up, the longest overdue first: for `sweep`. */
export async function dueOrders(tx: Tx, limit: number, after: DueOrder | undefined): Promise<DueOrder[]> {
  const { expiresAt, id } = orders;
  const beyond = after ? sql`and (${expiresAt}, ${id}) > (${sql.param(after.expiresAt, expiresAt)}, ${sql.param(after.id, id)})` : sql``;
  const rows = await tx.execute<{ id: string; store: string; milliseconds: string }>(sql`
    select ${id}::text as id, store_id::text as store, (extract(epoch from ${expiresAt}) * 1000)::bigint::text as milliseconds from ${orders}
    where ${isDue()} ${beyond} order by ${expiresAt}, ${id} limit ${limit}`);
  return rows.map((row) => ({
    id: fromUuid('ord', row.id),
    storeId: fromUuid('sto', row.store),
    expiresAt: new Date(Number(row.milliseconds)),
  }));
}
