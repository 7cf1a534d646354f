import type { Id } from '@storegraph/core';
import { own, prepared, uuidArray, uuids } from '@storegraph/database';
import { grouped, inOrder, loader, type LoadContext } from '@storegraph/subgraph';
import { asc, sql } from 'drizzle-orm';
import { orderDiscountAllocations, orderLines, orders, type OrderLineRow, type OrderRow } from './tables.ts';

const ordersById = prepared<readonly Id<'ord'>[], OrderRow>((tx, parameter) =>
  tx
    .select()
    .from(orders)
    .where(own(tx, orders, sql`${orders.id} = any(${parameter(uuidArray)}::uuid[])`)),
);

const linesOfOrders = prepared<readonly Id<'ord'>[], OrderLineRow>((tx, parameter) =>
  tx
    .select()
    .from(orderLines)
    .where(own(tx, orderLines, sql`${orderLines.orderId} = any(${parameter(uuidArray)}::uuid[])`))
    .orderBy(asc(orderLines.orderId), asc(orderLines.position)),
);

export const loaders = (ctx: LoadContext) => ({
  byId: loader(ctx, async (ids: readonly Id<'ord'>[]) => {
    const rows = await ctx.db.read((tx) => ordersById(tx, ids));
    return inOrder(ids, rows, (row) => row.id);
  }),
  linesByOrder: loader(ctx, async (ids: readonly Id<'ord'>[]) => {
    const rows = await ctx.db.read((tx) => linesOfOrders(tx, ids));
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
