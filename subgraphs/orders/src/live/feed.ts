import type { Identity } from '@storegraph/auth';
import { first, one, own, type Db, type Tx } from '@storegraph/database';
import type { FeedHead } from '@storegraph/subgraph';
import { and, asc, eq, getTableColumns, gt, lte, sql } from 'drizzle-orm';
import { orderEvents, orders, type OrderEventRow } from '../order/tables.ts';
import { orderFeeds } from './tables.ts';

/** A timeline entry in its store's feed. */
export interface FeedEntry extends OrderEventRow {
  readonly position: bigint;
  /** Its order's; null where the reader may not see the order any more. */
  readonly currency: string | null;
}

/** Gives positions to what has been committed since, and reads what lies behind `after`: as the system of the store. */
export function advance(db: Db, after: bigint, limit: number): Promise<FeedEntry[]> {
  return db.write(async (tx) => {
    await tx.execute(sql`select orders.sequence_order_events(${limit})`);
    return entries(tx, after, null, limit);
  });
}

/** The same, without reading: gives the last position, and whether there may be more to give positions to. */
export function head(db: Db, limit: number): Promise<FeedHead> {
  return db.write(async (tx) => {
    const before = first(await tx.select().from(orderFeeds).where(own(tx, orderFeeds)))?.last ?? 0n;
    const given = one(await tx.execute<{ last: string }>(sql`select orders.sequence_order_events(${limit}) as last`));
    const last = BigInt(given.last);
    return { last, more: last > before };
  });
}

/** What the identity of the session may see of the feed behind `after`, up to `to`: policies leave out what it may not. */
export const replay = (db: Db, after: bigint, to: bigint, limit: number): Promise<FeedEntry[]> =>
  db.read((tx) => entries(tx, after, to, limit));

async function entries(tx: Tx, after: bigint, to: bigint | null, limit: number): Promise<FeedEntry[]> {
  const rows = await tx
    .select({ ...getTableColumns(orderEvents), currency: orders.currency })
    .from(orderEvents)
    .leftJoin(orders, own(tx, orders, eq(orders.id, orderEvents.orderId)))
    .where(own(tx, orderEvents, and(gt(orderEvents.position, after), to === null ? undefined : lte(orderEvents.position, to))))
    .orderBy(asc(orderEvents.position))
    .limit(limit);
  return rows.flatMap((row) => (row.position === null ? [] : [{ ...row, position: row.position }]));
}

/** As the policies of the timeline have it, for entries that were read for all subscribers. */
export const isShown = (entry: FeedEntry, { kind, subjectId }: Identity): boolean =>
  kind === 'CUSTOMER' ? !entry.internal && entry.customerId !== null && entry.customerId === subjectId : true;
