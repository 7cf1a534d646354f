import type { Id } from '@storegraph/core';
import { own, uuids } from '@storegraph/database';
import { inOrder, loader, type LoadContext } from '@storegraph/subgraph';
import { and, eq, getTableColumns, sql } from 'drizzle-orm';
import { giftCardHolds, giftCards } from './tables.ts';

export const loaders = (ctx: LoadContext) => ({
  byId: loader(ctx, async (ids: readonly Id<'gft'>[]) => {
    const rows = await ctx.db.read((tx) =>
      tx
        .select()
        .from(giftCards)
        .where(own(tx, giftCards, sql`${giftCards.id} = any(${uuids(ids)})`)),
    );
    return inOrder(ids, rows, (row) => row.id);
  }),
  /** The card that a hold is on. */
  byHold: loader(ctx, async (ids: readonly Id<'gfh'>[]) => {
    const rows = await ctx.db.read((tx) =>
      tx
        .select({ holdId: giftCardHolds.id, card: getTableColumns(giftCards) })
        .from(giftCardHolds)
        .innerJoin(giftCards, and(eq(giftCards.storeId, giftCardHolds.storeId), eq(giftCards.id, giftCardHolds.cardId)))
        .where(own(tx, giftCardHolds, sql`${giftCardHolds.id} = any(${uuids(ids)})`)),
    );
    const byHold = new Map(rows.map(({ holdId, card }) => [holdId, card]));
    return ids.map((id) => byHold.get(id) ?? null);
  }),
});
