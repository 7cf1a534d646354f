import { money } from '@storegraph/core';
import type { Connection } from '@storegraph/database';
import { payload, readId } from '@storegraph/subgraph';
import type { Resolvers } from '../generated/graphql.ts';
import { orderCancel } from './commands/order-cancel.ts';
import { orderComplete } from './commands/order-complete.ts';
import { orderCreate } from './commands/order-create.ts';
import { orderNoteSet } from './commands/order-note-set.ts';
import { duplicateLoaders } from './duplicates.ts';
import { loaders } from './loaders.ts';
import { numberText } from './number.ts';
import { balanceOf, orderTransitions, summaryStatusOf } from './order.ts';
import { eventLoaders, orderPage } from './queries.ts';
import { reloaded } from './reloaded.ts';
import type { OrderEventRow, OrderRow } from './tables.ts';

/** A timeline's amounts are in its order's currency. */
function withCurrency({ currency }: OrderRow, page: Connection<OrderEventRow>) {
  const edges = page.edges.map(({ cursor, node }) => ({ cursor, node: { ...node, currency } }));
  return { ...page, edges, nodes: edges.map(({ node }) => node) };
}

const open = (order: OrderRow) => order.status !== 'CANCELLED' && order.status !== 'EXPIRED';

export const resolvers: Resolvers = {
  Query: {
    order: (_, { id }, ctx) => ctx.load(loaders).byId.load(readId('ord', id)),
    orders: (_, args, ctx) => orderPage(ctx, args),
  },
  Mutation: {
    orderCreate: async (_, { input }, ctx) => payload('order', await reloaded(ctx, await orderCreate(ctx, input))),
    orderCancel: async (_, { input }, ctx) => payload('order', await reloaded(ctx, await orderCancel(ctx, input))),
    orderComplete: async (_, { input }, ctx) => payload('order', await reloaded(ctx, await orderComplete(ctx, input))),
    orderNoteSet: async (_, { input }, ctx) => payload('order', await reloaded(ctx, await orderNoteSet(ctx, input))),
  },
  Order: {
    __resolveReference: ({ id }, ctx) => ctx.load(loaders).byId.load(readId('ord', id)),
    number: (order) => numberText(order),
    summaryStatus: (order) => summaryStatusOf(order),
    availableTransitions: (order) => orderTransitions(order),
    customer: (order) => (order.customerId ? { id: order.customerId } : null),
    contact: (order) => ({ name: order.contactName, email: order.contactEmail, phone: order.contactPhone }),
    subtotal: (order) => money(order.subtotal, order.currency),
    discount: (order) => money(order.discount, order.currency),
    tax: (order) => money(order.tax, order.currency),
    shipping: (order) => money(order.shipping, order.currency),
    shippingDiscount: (order) => money(order.shippingDiscount, order.currency),
    total: (order) => money(order.total, order.currency),
    authorized: (order) => money(order.authorized, order.currency),
    captured: (order) => money(order.captured, order.currency),
    refunded: (order) => money(order.refunded, order.currency),
    due: (order) => money(open(order) && order.total > order.captured ? order.total - order.captured : 0n, order.currency),
    balance: (order) => money(open(order) ? balanceOf(order) : 0n, order.currency),
    possibleDuplicates: (order, _, ctx) => ctx.load(duplicateLoaders).byOrder.load(order.id),
    lines: (order, _, ctx) => ctx.load(loaders).linesByOrder.load(order.id),
    events: async (order, page, ctx) => withCurrency(order, await ctx.load(eventLoaders).page(order.id, page)),
  },
  OrderLine: {
    unitPrice: (line) => money(line.unitPrice, line.currency),
    subtotal: (line) => money(line.subtotal, line.currency),
    discount: (line) => money(line.discount, line.currency),
    tax: (line) => money(line.tax, line.currency),
    total: (line) => money(line.total, line.currency),
    discountAllocations: async (line, _, ctx) => {
      const rows = line.discount > 0n ? await ctx.load(loaders).allocationsByLine.load(line.id) : [];
      return rows.map((row) => ({ ...row, currency: line.currency }));
    },
    allocatedQuantity: (line) => line.allocated,
    shippedQuantity: (line) => line.shipped,
    deliveredQuantity: (line) => line.delivered,
    refundedQuantity: (line) => line.refunded,
  },
  OrderDiscountAllocation: { amount: (allocation) => money(allocation.amount, allocation.currency) },
  OrderEvent: {
    actor: ({ actorKind: kind, actorId: id }) => ({ kind, id }),
    amount: ({ amount, currency }) => (amount === null ? null : money(amount, currency)),
  },
};
