import type { Id } from '@storegraph/core';
import { own, uuids } from '@storegraph/database';
import { grouped, inOrder, loader, type LoadContext } from '@storegraph/subgraph';
import { asc, sql } from 'drizzle-orm';
import { returnLines, returns } from './tables.ts';

export const loaders = (ctx: LoadContext) => ({
  byId: loader(ctx, async (ids: readonly Id<'ret'>[]) => {
    const rows = await ctx.db.read((tx) =>
      tx
        .select()
        .from(returns)
        .where(own(tx, returns, sql`${returns.id} = any(${uuids(ids)})`)),
    );
    return inOrder(ids, rows, (row) => row.id);
  }),
  byOrder: loader(ctx, async (ids: readonly Id<'ord'>[]) => {
    const rows = await ctx.db.read((tx) =>
      tx
        .select()
        .from(returns)
        .where(own(tx, returns, sql`${returns.orderId} = any(${uuids(ids)})`))
        .orderBy(asc(returns.id)),
    );
    return grouped(ids, rows, (row) => row.orderId);
  }),
  linesByReturn: loader(ctx, async (ids: readonly Id<'ret'>[]) => {
    const rows = await ctx.db.read((tx) =>
      tx
        .select()
        .from(returnLines)
        .where(own(tx, returnLines, sql`${returnLines.returnId} = any(${uuids(ids)})`))
        .orderBy(asc(returnLines.id)),
    );
    return grouped(ids, rows, (row) => row.returnId);
  }),
});
