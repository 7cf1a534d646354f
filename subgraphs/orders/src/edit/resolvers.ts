import { money } from '@storegraph/core';
import { payload } from '@storegraph/subgraph';
import type { Resolvers } from '../generated/graphql.ts';
import { loaders } from '../order/loaders.ts';
import { reloaded } from '../order/reloaded.ts';
import { changesOf } from './change.ts';
import { orderEdit } from './commands/order-edit.ts';
import { orderTagsSet } from './commands/order-tags-set.ts';
import { orderUpdate } from './commands/order-update.ts';

export const resolvers: Resolvers = {
  Mutation: {
    orderEdit: async (_, { input }, ctx) => payload('order', await reloaded(ctx, await orderEdit(ctx, input))),
    orderUpdate: async (_, { input }, ctx) => payload('order', await reloaded(ctx, await orderUpdate(ctx, input))),
    orderTagsSet: async (_, { input }, ctx) => payload('order', await reloaded(ctx, await orderTagsSet(ctx, input))),
  },
  OrderEvent: {
    changes: (entry) => changesOf(entry).map((change) => ({ ...change, currency: entry.currency })),
  },
  OrderChange: {
    line: (change, _, ctx) => (change.lineId ? ctx.load(loaders).lineById.load(change.lineId) : null),
    amountBefore: (change) => money(change.amountBefore, change.currency),
    amountAfter: (change) => money(change.amountAfter, change.currency),
  },
};
