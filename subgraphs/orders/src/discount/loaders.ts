import type { Id } from '@storegraph/core';
import { own, uuids } from '@storegraph/database';
import { grouped, inOrder, loader, type LoadContext } from '@storegraph/subgraph';
import { asc, sql } from 'drizzle-orm';
import { discountAmounts, discountCodeBatches, discountRedemptions, discounts } from './tables.ts';

export const loaders = (ctx: LoadContext) => ({
  byId: loader(ctx, async (ids: readonly Id<'dsc'>[]) => {
    const rows = await ctx.db.read((tx) =>
      tx
        .select()
        .from(discounts)
        .where(own(tx, discounts, sql`${discounts.id} = any(${uuids(ids)})`)),
    );
    return inOrder(ids, rows, (row) => row.id);
  }),
  amountsByDiscount: loader(ctx, async (ids: readonly Id<'dsc'>[]) => {
    const rows = await ctx.db.read((tx) =>
      tx
        .select()
        .from(discountAmounts)
        .where(own(tx, discountAmounts, sql`${discountAmounts.discountId} = any(${uuids(ids)})`))
        .orderBy(asc(discountAmounts.currency)),
    );
    return grouped(ids, rows, (row) => row.discountId);
  }),
  batchById: loader(ctx, async (ids: readonly Id<'dbt'>[]) => {
    const rows = await ctx.db.read((tx) =>
      tx
        .select()
        .from(discountCodeBatches)
        .where(own(tx, discountCodeBatches, sql`${discountCodeBatches.id} = any(${uuids(ids)})`)),
    );
    return inOrder(ids, rows, (row) => row.id);
  }),
  redemptionsByOrder: loader(ctx, async (ids: readonly Id<'ord'>[]) => {
    const rows = await ctx.db.read((tx) =>
      tx
        .select()
        .from(discountRedemptions)
        .where(own(tx, discountRedemptions, sql`${discountRedemptions.orderId} = any(${uuids(ids)})`))
        .orderBy(asc(discountRedemptions.id)),
    );
    return grouped(ids, rows, (row) => row.orderId);
  }),
});
