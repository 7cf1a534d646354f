import type { StoreId } from '@storegraph/core';
import { first, one, own, type Tx } from '@storegraph/database';
import { inOrder, loader, type Context, type LoadContext } from '@storegraph/subgraph';
import { inArray } from 'drizzle-orm';
import { activeStore } from '../lookups.ts';
import type { PublicStore } from '../raw-rows.ts';
import { stores } from './tables.ts';

export type StoreRow = typeof stores.$inferSelect;

export const storeLoaders = (ctx: LoadContext) => ({
  /** The caller's own store; null for every other. */
  byId: loader(ctx, async (ids: readonly StoreId[]) => {
    if (ctx.identity.storeId === null) return ids.map(() => null);
    const rows = await ctx.db.read((tx) =>
      tx
        .select()
        .from(stores)
        .where(own(tx, stores, inArray(stores.id, [...ids]))),
    );
    return inOrder(ids, rows, (row) => row.id);
  }),
});

/** The caller's store. */
export async function currentStore(ctx: Context): Promise<StoreRow | null> {
  const { storeId } = ctx.identity;
  return storeId === null ? null : ctx.load(storeLoaders).byId.load(storeId);
}

/** What every visitor may know of the store with this slug. */
export async function storeBySlug({ db }: Context, slug: string): Promise<PublicStore | null> {
  return (await db.read((tx) => activeStore(tx, slug))) ?? null;
}

/** The row of the transaction's store, locked: of two changes of its status the second sees what the first has done. */
export const lockStore = async (tx: Tx): Promise<StoreRow | undefined> =>
  first(await tx.select().from(stores).where(own(tx, stores)).for('update'));

export const storeRow = async (tx: Tx): Promise<StoreRow> => one(await tx.select().from(stores).where(own(tx, stores)));
