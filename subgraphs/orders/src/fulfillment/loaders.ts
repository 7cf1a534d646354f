import type { Id } from '@storegraph/core';
import { own, uuids } from '@storegraph/database';
import { grouped, inOrder, loader, type LoadContext } from '@storegraph/subgraph';
import { asc, sql } from 'drizzle-orm';
import { fulfillmentLines, fulfillments } from './tables.ts';

export const loaders = (ctx: LoadContext) => ({
  byId: loader(ctx, async (ids: readonly Id<'ful'>[]) => {
    const rows = await ctx.db.read((tx) =>
      tx
        .select()
        .from(fulfillments)
        .where(own(tx, fulfillments, sql`${fulfillments.id} = any(${uuids(ids)})`)),
    );
    return inOrder(ids, rows, (row) => row.id);
  }),
  byOrder: loader(ctx, async (ids: readonly Id<'ord'>[]) => {
    const rows = await ctx.db.read((tx) =>
      tx
        .select()
        .from(fulfillments)
        .where(own(tx, fulfillments, sql`${fulfillments.orderId} = any(${uuids(ids)})`))
        .orderBy(asc(fulfillments.id)),
    );
    return grouped(ids, rows, (row) => row.orderId);
  }),
  linesByFulfillment: loader(ctx, async (ids: readonly Id<'ful'>[]) => {
    const rows = await ctx.db.read((tx) =>
      tx
        .select()
        .from(fulfillmentLines)
        .where(own(tx, fulfillmentLines, sql`${fulfillmentLines.fulfillmentId} = any(${uuids(ids)})`))
        .orderBy(asc(fulfillmentLines.id)),
    );
    return grouped(ids, rows, (row) => row.fulfillmentId);
  }),
});
