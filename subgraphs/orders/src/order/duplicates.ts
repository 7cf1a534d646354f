import type { Id } from '@storegraph/core';
import { own, uuids } from '@storegraph/database';
import { grouped, loader, type LoadContext } from '@storegraph/subgraph';
import { sql } from 'drizzle-orm';
import { loaders } from './loaders.ts';
import { orders, type OrderRow } from './tables.ts';

/** More of the same than these are no oversight. */
const most = 10;

/**
 * Orders of the same customer, or to the same e-mail address, for the same things at the same price, placed within a day of each other and going on.
 * Somebody who orders twice by mistake does it soon, and from the same place.
 */
export const duplicateLoaders = (ctx: LoadContext) => ({
  byOrder: loader(ctx, async (ids: readonly Id<'ord'>[]) => {
    const pairs = await ctx.db.read((tx) =>
      tx
        .select({ of: orders.id, id: sql`twin.id`.mapWith(orders.id) })
        .from(orders)
        .crossJoinLateral(
          sql`(
            select found.id, found.placed_at from (
              (select id, placed_at from ${orders} other where ${twin} and other.customer_id = ${orders.customerId} order by placed_at desc limit ${most + 1})
              union
              (select id, placed_at from ${orders} other where ${twin} and other.contact_email = ${orders.contactEmail} order by placed_at desc limit ${most + 1})
            ) found where found.id <> ${orders.id} order by found.placed_at desc, found.id desc limit ${most}
          ) twin`,
        )
        .where(own(tx, orders, sql`${orders.id} = any(${uuids(ids)})`))
        .orderBy(sql`twin.placed_at desc, twin.id desc`),
    );
    const found = await ctx.load(loaders).byId.loadMany([...new Set(pairs.map(({ id }) => id))]);
    const isRow = (order: OrderRow | Error | null): order is OrderRow => order !== null && !(order instanceof Error);
    const byId = new Map(found.filter(isRow).map((order) => [order.id, order] as const));
    return grouped(ids, pairs, ({ of }) => of).map((theirs) => theirs.map(({ id }) => byId.get(id)).filter((order) => order !== undefined));
  }),
});

const twin = sql`other.store_id = ${orders.storeId} and other.fingerprint = ${orders.fingerprint}
  and other.placed_at between ${orders.placedAt} - interval '1 day' and ${orders.placedAt} + interval '1 day' and other.status in ('OPEN', 'COMPLETED')`;
