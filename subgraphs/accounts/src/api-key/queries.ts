import type { Id } from '@storegraph/core';
import { descending, keyset, own, type Connection } from '@storegraph/database';
import { inOrder, loader, orThrow, type Context, type LoadContext } from '@storegraph/subgraph';
import { inArray } from 'drizzle-orm';
import { callerStore } from '../caller.ts';
import type { QueryApiKeysArgs } from '../generated/graphql.ts';
import { apiKeys } from './tables.ts';

export type ApiKeyRow = typeof apiKeys.$inferSelect;

export const apiKeyLoaders = (ctx: LoadContext) => ({
  byId: loader(ctx, async (ids: readonly Id<'key'>[]) => {
    if (ctx.identity.storeId === null) return ids.map(() => null);
    const rows = await ctx.db.read((tx) =>
      tx
        .select()
        .from(apiKeys)
        .where(own(tx, apiKeys, inArray(apiKeys.id, [...ids]))),
    );
    return inOrder(ids, rows, (row) => row.id);
  }),
});

/** The keys of the caller's store, the newest first. */
export async function listApiKeys({ db, identity }: Context, { first, after }: QueryApiKeysArgs): Promise<Connection<ApiKeyRow>> {
  callerStore(identity);
  const part = orThrow(keyset({ first, after }, { table: apiKeys, sort: [descending(apiKeys.createdAt)], id: apiKeys.id }));
  const rows = await db.read((tx) =>
    tx
      .select()
      .from(apiKeys)
      .where(own(tx, apiKeys, part.where))
      .orderBy(...part.orderBy)
      .limit(part.limit),
  );
  return part.connection(rows, () => db.read((tx) => tx.$count(apiKeys, own(tx, apiKeys))));
}
