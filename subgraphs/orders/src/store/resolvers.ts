import { orThrow, payload, readId } from '@storegraph/subgraph';
import type { Resolvers } from '../generated/graphql.ts';
import { orderSettingsUpdate } from './commands/order-settings-update.ts';
import { storeMetrics } from './metrics.ts';
import { orderSettingsOf } from './settings.ts';

export const resolvers: Resolvers = {
  Query: { orderSettings: (_, __, { db }) => db.read(orderSettingsOf) },
  Mutation: { orderSettingsUpdate: async (_, { input }, ctx) => payload('settings', await orderSettingsUpdate(ctx, input)) },
  Store: {
    // Any other store answers as a missing one.
    __resolveReference: ({ id }, { identity }) => {
      const storeId = readId('sto', id);
      return storeId === identity.storeId ? { id: storeId } : null;
    },
    orderMetrics: async (_, span, { db }) => orThrow(await db.read((tx) => storeMetrics(tx, span))),
  },
};
