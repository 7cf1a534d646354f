import { writeFeedCursor } from '@storegraph/subgraph';
import type { Resolvers } from '../generated/graphql.ts';
import { loaders } from '../order/loaders.ts';
import { cursorNow, feedOf, follow } from './follow.ts';

export const resolvers: Resolvers = {
  Query: { orderEventsCursor: (_, __, ctx) => cursorNow(ctx) },
  Subscription: {
    orderEvents: { subscribe: (_, { after }, ctx) => follow(ctx, after ?? null), resolve: (entry: unknown) => entry as never },
  },
  OrderEventUpdate: {
    cursor: ({ storeId, position }, _, { services }) => writeFeedCursor(services.sealer, feedOf(storeId), position),
    // Whoever may not see the order learns no amount of it.
    event: (entry) => ({ ...entry, currency: entry.currency ?? '', amount: entry.currency === null ? null : entry.amount }),
    order: ({ orderId }, _, ctx) => ctx.load(loaders).byId.load(orderId),
  },
};
