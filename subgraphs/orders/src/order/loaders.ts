import type { Id } from '@storegraph/core';
import { own } from '@storegraph/database';
import { grouped, inOrder, loader, type LoadContext } from '@storegraph/subgraph';
import { asc, sql } from 'drizzle-orm';
import { uuids } from '../sql.ts';
import { orderDiscountAllocations, orderLines, orders } from './tables.ts';

export const loaders = (ctx: LoadContext) => ({
  byId: loader(ctx, async (ids: readonly Id<'ord'>[]) => {
    const rows = await ctx.db.read((tx) =>
      tx
        .select()
        .from(orders)
        .where(own(tx, orders, sql`${orders.id} = any(${uuids(ids)})`)),
    );
    return inOrder(ids, rows, (row) => row.id);
  }),
  linesByOrder: loader(ctx, async (ids: readonly Id<'ord'>[]) => {
    const rows = await ctx.db.read((tx) =>
      tx
        .select()
        .from(orderLines)
        .where(own(tx, orderLines, sql`${orderLines.orderId} = any(${uuids(ids)})`))
        .orderBy(asc(orderLines.orderId), asc(orderLines.position)),
    );
    return grouped(ids, rows, (row) => row.orderId);
  }),
  lineById: loader(ctx, async (ids: readonly Id<'orl'>[]) => {
    const rows = await ctx.db.read((tx) =>
      tx
        .select()
        .from(orderLines)
        .where(own(tx, orderLines, sql`${orderLines.id} = any(${uuids(ids)})`)),
    );
    return inOrder(ids, rows, (row) => row.id);
  }),
  allocationsByLine: loader(ctx, async (ids: readonly Id<'orl'>[]) => {
    const rows = await ctx.db.read((tx) =>
      tx
        .select()
        .from(orderDiscountAllocations)
        .where(own(tx, orderDiscountAllocations, sql`${orderDiscountAllocations.lineId} = any(${uuids(ids)})`))
        .orderBy(asc(orderDiscountAllocations.id)),
    );
    return grouped(ids, rows, (row) => row.lineId);
  }),
});
