import type { Id } from '@storegraph/core';
import { own, uuids } from '@storegraph/database';
import { grouped, inOrder, loader, type LoadContext } from '@storegraph/subgraph';
import { asc, sql } from 'drizzle-orm';
import { orderPayments, refundLines, refundPayments, refunds } from './tables.ts';

export const loaders = (ctx: LoadContext) => ({
  byId: loader(ctx, async (ids: readonly Id<'opm'>[]) => {
    const rows = await ctx.db.read((tx) =>
      tx
        .select()
        .from(orderPayments)
        .where(own(tx, orderPayments, sql`${orderPayments.id} = any(${uuids(ids)})`)),
    );
    return inOrder(ids, rows, (row) => row.id);
  }),
  byOrder: loader(ctx, async (ids: readonly Id<'ord'>[]) => {
    const rows = await ctx.db.read((tx) =>
      tx
        .select()
        .from(orderPayments)
        .where(own(tx, orderPayments, sql`${orderPayments.orderId} = any(${uuids(ids)})`))
        .orderBy(asc(orderPayments.id)),
    );
    return grouped(ids, rows, (row) => row.orderId);
  }),
  refundById: loader(ctx, async (ids: readonly Id<'rfd'>[]) => {
    const rows = await ctx.db.read((tx) =>
      tx
        .select()
        .from(refunds)
        .where(own(tx, refunds, sql`${refunds.id} = any(${uuids(ids)})`)),
    );
    return inOrder(ids, rows, (row) => row.id);
  }),
  refundsByOrder: loader(ctx, async (ids: readonly Id<'ord'>[]) => {
    const rows = await ctx.db.read((tx) =>
      tx
        .select()
        .from(refunds)
        .where(own(tx, refunds, sql`${refunds.orderId} = any(${uuids(ids)})`))
        .orderBy(asc(refunds.id)),
    );
    return grouped(ids, rows, (row) => row.orderId);
  }),
  paymentsByRefund: loader(ctx, async (ids: readonly Id<'rfd'>[]) => {
    const rows = await ctx.db.read((tx) =>
      tx
        .select()
        .from(refundPayments)
        .where(own(tx, refundPayments, sql`${refundPayments.refundId} = any(${uuids(ids)})`))
        .orderBy(asc(refundPayments.id)),
    );
    return grouped(ids, rows, (row) => row.refundId);
  }),
  linesByRefund: loader(ctx, async (ids: readonly Id<'rfd'>[]) => {
    const rows = await ctx.db.read((tx) =>
      tx
        .select()
        .from(refundLines)
        .where(own(tx, refundLines, sql`${refundLines.refundId} = any(${uuids(ids)})`))
        .orderBy(asc(refundLines.position)),
    );
    return grouped(ids, rows, (row) => row.refundId);
  }),
});
