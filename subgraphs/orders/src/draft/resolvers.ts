import { payload } from '@storegraph/subgraph';
import type { Resolvers } from '../generated/graphql.ts';
import { reloaded } from '../order/reloaded.ts';
import { orderDraftComplete } from './commands/order-draft-complete.ts';
import { orderDraftCreate } from './commands/order-draft-create.ts';
import { orderDraftDelete } from './commands/order-draft-delete.ts';
import { orderDraftUpdate } from './commands/order-draft-update.ts';

export const resolvers: Resolvers = {
  Mutation: {
    orderDraftCreate: async (_, { input }, ctx) => payload('order', await reloaded(ctx, await orderDraftCreate(ctx, input))),
    orderDraftUpdate: async (_, { input }, ctx) => payload('order', await reloaded(ctx, await orderDraftUpdate(ctx, input))),
    orderDraftComplete: async (_, { input }, ctx) => payload('order', await reloaded(ctx, await orderDraftComplete(ctx, input))),
    orderDraftDelete: async (_, { input }, ctx) => payload('order', await orderDraftDelete(ctx, input)),
  },
};
