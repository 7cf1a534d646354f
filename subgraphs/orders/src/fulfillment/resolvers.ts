import { isRefusal, ok, type Id, type Result } from '@storegraph/core';
import { payload, type Context } from '@storegraph/subgraph';
import type { Resolvers } from '../generated/graphql.ts';
import { loaders as orderLoaders } from '../order/loaders.ts';
import { present } from '../present.ts';
import { fulfillmentCancel } from './commands/fulfillment-cancel.ts';
import { fulfillmentCreate } from './commands/fulfillment-create.ts';
import { fulfillmentDeliver } from './commands/fulfillment-deliver.ts';
import { fulfillmentShip } from './commands/fulfillment-ship.ts';
import { fulfillmentTransitions } from './fulfillment.ts';
import { loaders } from './loaders.ts';
import type { FulfillmentRow } from './tables.ts';

/** The parcel that a command names, as it is once the command is done. */
async function reloaded<Code extends string>(
  ctx: Context,
  result: Result<{ id: Id<'ful'> }, Code>,
): Promise<Result<FulfillmentRow | null, Code>> {
  return isRefusal(result) ? result : ok(await ctx.load(loaders).byId.load(result.value.id));
}

export const resolvers: Resolvers = {
  Mutation: {
    fulfillmentCreate: async (_, { input }, ctx) => payload('fulfillment', await reloaded(ctx, await fulfillmentCreate(ctx, input))),
    fulfillmentShip: async (_, { input }, ctx) => payload('fulfillment', await reloaded(ctx, await fulfillmentShip(ctx, input))),
    fulfillmentDeliver: async (_, { input }, ctx) => payload('fulfillment', await reloaded(ctx, await fulfillmentDeliver(ctx, input))),
    fulfillmentCancel: async (_, { input }, ctx) => payload('fulfillment', await reloaded(ctx, await fulfillmentCancel(ctx, input))),
  },
  Order: { fulfillments: (order, _, ctx) => ctx.load(loaders).byOrder.load(order.id) },
  Fulfillment: {
    order: async (parcel, _, ctx) => present(await ctx.load(orderLoaders).byId.load(parcel.orderId)),
    availableTransitions: async (parcel, _, ctx) => {
      const { status } = present(await ctx.load(orderLoaders).byId.load(parcel.orderId));
      return fulfillmentTransitions(parcel.status, status);
    },
    lines: (parcel, _, ctx) => ctx.load(loaders).linesByFulfillment.load(parcel.id),
  },
  FulfillmentLine: { line: async (part, _, ctx) => present(await ctx.load(orderLoaders).lineById.load(part.lineId)) },
};
