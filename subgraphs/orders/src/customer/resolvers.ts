import { readId } from '@storegraph/subgraph';
import type { Resolvers } from '../generated/graphql.ts';
import { loaders } from './loaders.ts';

export const resolvers: Resolvers = {
  Customer: {
    // Whose customer it is need not be asked: the rows that the caller may see decide what is shown.
    __resolveReference: ({ id }) => ({ id: readId('cus', id) }),
    orders: (customer, page, ctx) => ctx.load(loaders).orders(customer.id, page),
    recentOrders: async (customer, { first }, ctx) => (await ctx.load(loaders).orders(customer.id, { first: first ?? 5 })).nodes,
    orderCount: async (customer, _, ctx) => (await ctx.load(loaders).metrics.load(customer.id)).totalOrders,
    orderMetrics: (customer, _, ctx) => ctx.load(loaders).metrics.load(customer.id),
  },
};
