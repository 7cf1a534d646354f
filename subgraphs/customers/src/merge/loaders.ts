import type { CustomerId, Id } from '@storegraph/core';
import { own } from '@storegraph/database';
import { grouped, inOrder, loader, type LoadContext } from '@storegraph/subgraph';
import { and, desc, inArray, isNull } from 'drizzle-orm';
import { customers } from '../customer/tables.ts';
import { merges } from './tables.ts';

export const loaders = (ctx: LoadContext) => ({
  byId: loader(ctx, async (ids: readonly Id<'mrg'>[]) => {
    const rows = await ctx.db.read((tx) =>
      tx
        .select()
        .from(merges)
        .where(own(tx, merges, inArray(merges.id, [...ids]))),
    );
    return inOrder(ids, rows, (merge) => merge.id);
  }),
  /** The merges that stand, by their survivor, the latest first. */
  bySurvivor: loader(ctx, async (ids: readonly CustomerId[]) => {
    const rows = await ctx.db.read((tx) =>
      tx
        .select()
        .from(merges)
        .where(own(tx, merges, and(inArray(merges.survivorId, [...ids]), isNull(merges.undoneAt))))
        .orderBy(desc(merges.mergedAt), desc(merges.id)),
    );
    return grouped(ids, rows, (merge) => merge.survivorId);
  }),
  /** A customer's own row, whatever has become of it: an entry that leads elsewhere does not lead there. */
  entry: loader(ctx, async (ids: readonly CustomerId[]) => {
    const rows = await ctx.db.read((tx) =>
      tx
        .select()
        .from(customers)
        .where(own(tx, customers, inArray(customers.id, [...ids]))),
    );
    return inOrder(ids, rows, (customer) => customer.id);
  }),
});
