import type { Id } from '@storegraph/core';
import { own } from '@storegraph/database';
import { grouped, inOrder, loader, type LoadContext } from '@storegraph/subgraph';
import { asc, inArray } from 'drizzle-orm';
import { erasureParts, erasures } from './tables.ts';

export const loaders = (ctx: LoadContext) => ({
  byId: loader(ctx, async (ids: readonly Id<'ers'>[]) => {
    const rows = await ctx.db.read((tx) =>
      tx
        .select()
        .from(erasures)
        .where(own(tx, erasures, inArray(erasures.id, [...ids]))),
    );
    return inOrder(ids, rows, (erasure) => erasure.id);
  }),
  parts: loader(ctx, async (ids: readonly Id<'ers'>[]) => {
    const rows = await ctx.db.read((tx) =>
      tx
        .select()
        .from(erasureParts)
        .where(own(tx, erasureParts, inArray(erasureParts.erasureId, [...ids])))
        .orderBy(asc(erasureParts.domain)),
    );
    return grouped(ids, rows, (part) => part.erasureId);
  }),
});
