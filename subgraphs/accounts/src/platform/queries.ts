import { toUuid, type StoreId } from '@storegraph/core';
import type { Connection } from '@storegraph/database';
import { inOrder, loader, PublicError, type Context, type LoadContext } from '@storegraph/subgraph';
import type { QueryStoresArgs } from '../generated/graphql.ts';
import { platformStoreCount, platformStores, platformStoresById, type PlatformStoreRow, type StoreConditions } from './lookups.ts';
import { connectionOf, readPage } from './paging.ts';

export const platformLoaders = (ctx: LoadContext) => ({
  /** Any store, for platform staff. */
  storeById: loader(ctx, async (ids: readonly StoreId[]) =>
    inOrder(ids, await ctx.db.read((tx) => platformStoresById(tx, ids)), (row) => row.id),
  ),
});

/** All stores, the newest first. */
export async function listStores({ db }: Context, { first, after, filter }: QueryStoresArgs): Promise<Connection<PlatformStoreRow>> {
  const page = readPage({ first: first ?? null, after: after ?? null });
  const conditions: StoreConditions = {
    statuses: filter?.statuses ?? null,
    countries: filter?.countries ?? null,
    words: pattern(filter?.query ?? null),
  };
  const rows = await db.read((tx) => platformStores(tx, conditions, page.before, page.size + 1));
  return {
    ...connectionOf(page, rows, (row) => [row.createdAt.toISOString(), toUuid(row.id)]),
    totalCount: () => db.read((tx) => platformStoreCount(tx, conditions)),
  };
}

/** What was typed as a LIKE pattern of the words in their order; null for nothing. */
function pattern(query: string | null): string | null {
  if (query === null) return null;
  if (query.length > 200) throw new PublicError('BAD_REQUEST', 'Search for at most 200 characters.');
  const words = query.normalize().toLowerCase().split(/\s+/).filter(Boolean);
  return words.length === 0 ? null : `%${words.map((word) => word.replaceAll(/[\\%_]/g, String.raw`\$&`)).join('%')}%`;
}
