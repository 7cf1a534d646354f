import { orThrow, readId } from '@storegraph/subgraph';
import type { Resolvers } from '../generated/graphql.ts';
import { storeMetrics } from './metrics.ts';

export const resolvers: Resolvers = {
  Store: {
    // Any other store answers as a missing one.
    __resolveReference: ({ id }, { identity }) => {
      const storeId = readId('sto', id);
      return storeId === identity.storeId ? { id: storeId } : null;
    },
    orderMetrics: async (_, span, { db }) => orThrow(await db.read((tx) => storeMetrics(tx, span))),
  },
};
