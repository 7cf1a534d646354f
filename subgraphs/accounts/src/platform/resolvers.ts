import { payload } from '@storegraph/subgraph';
import type { Resolvers } from '../generated/graphql.ts';
import { transitionsOf } from '../store/life-cycle.ts';
import { platformStoreEnter } from './commands/platform-store-enter.ts';
import { platformStoreLeave } from './commands/platform-store-leave.ts';
import { storeReinstate } from './commands/store-reinstate.ts';
import { storeSuspend } from './commands/store-suspend.ts';
import { listStores } from './queries.ts';

export const resolvers: Resolvers = {
  Query: { stores: (_, input, ctx) => listStores(ctx, input) },
  Mutation: {
    platformStoreEnter: async (_, { input }, ctx) => payload('session', await platformStoreEnter(ctx, input)),
    platformStoreLeave: async (_, { input }, ctx) => payload('platformStore', await platformStoreLeave(ctx, input)),
    storeSuspend: async (_, { input }, ctx) => payload('platformStore', await storeSuspend(ctx, input)),
    storeReinstate: async (_, { input }, ctx) => payload('platformStore', await storeReinstate(ctx, input)),
  },
  PlatformStore: {
    store: (store) => store,
    availableTransitions: ({ status }, _, { identity }) => transitionsOf(status, identity),
  },
};
