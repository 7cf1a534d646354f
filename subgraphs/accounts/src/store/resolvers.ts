import { parseId } from '@storegraph/core';
import { payload, type Context } from '@storegraph/subgraph';
import type { Resolvers } from '../generated/graphql.ts';
import { storeClose } from './commands/store-close.ts';
import { storeCreate } from './commands/store-create.ts';
import { storeTransfer } from './commands/store-transfer.ts';
import { storeUpdate } from './commands/store-update.ts';
import { transitionsOf } from './life-cycle.ts';
import { currentStore, storeBySlug, storeLoaders } from './queries.ts';

/** The store's row, for those who work in it: of another store the caller knows what everybody knows. */
const whole = (store: { id: string }, ctx: Context) => {
  const id = parseId('sto', store.id);
  return id ? ctx.load(storeLoaders).byId.load(id) : null;
};

export const resolvers: Resolvers = {
  Query: {
    store: (_, { slug }, ctx) => (slug == null ? currentStore(ctx) : storeBySlug(ctx, slug)),
  },
  Mutation: {
    storeCreate: async (_, { input }, ctx) => payload('store', await storeCreate(ctx, input)),
    storeClose: async (_, { input }, ctx) => payload('store', await storeClose(ctx, input)),
    storeTransfer: async (_, { input }, ctx) => payload('owner', await storeTransfer(ctx, input)),
    storeUpdate: async (_, { input }, ctx) => payload('store', await storeUpdate(ctx, input)),
  },
  Store: {
    __resolveReference: (reference, ctx) => whole(reference, ctx),
    language: (store) => store.defaultLanguage,
    domain: async (store, _, ctx) => (await whole(store, ctx))?.domain,
    status: async (store, _, ctx) => (await whole(store, ctx))?.status,
    country: async (store, _, ctx) => (await whole(store, ctx))?.country,
    availableTransitions: async (store, _, ctx) => {
      const row = await whole(store, ctx);
      return row && transitionsOf(row.status, ctx.identity);
    },
    settings: (store, _, ctx) => whole(store, ctx),
    suspendedAt: async (store, _, ctx) => (await whole(store, ctx))?.suspendedAt,
    closedAt: async (store, _, ctx) => (await whole(store, ctx))?.closedAt,
    createdAt: async (store, _, ctx) => (await whole(store, ctx))?.createdAt,
    updatedAt: async (store, _, ctx) => (await whole(store, ctx))?.updatedAt,
  },
};
