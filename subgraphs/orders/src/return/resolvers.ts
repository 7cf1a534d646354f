import { isRefusal, ok, type Id, type Result } from '@storegraph/core';
import { payload, readId, type Context } from '@storegraph/subgraph';
import type { Resolvers } from '../generated/graphql.ts';
import { loaders as orderLoaders } from '../order/loaders.ts';
import { present } from '../present.ts';
import { returnApprove } from './commands/return-approve.ts';
import { returnCancel } from './commands/return-cancel.ts';
import { returnDecline } from './commands/return-decline.ts';
import { returnReceive } from './commands/return-receive.ts';
import { returnRequest } from './commands/return-request.ts';
import { loaders } from './loaders.ts';
import { returnPage } from './queries.ts';
import { returnTransitions } from './return.ts';
import type { ReturnRow } from './tables.ts';

/** The return that a command names, as it is once the command is done. */
async function reloaded<Code extends string>(
  ctx: Context,
  result: Result<{ id: Id<'ret'> }, Code>,
): Promise<Result<ReturnRow | null, Code>> {
  return isRefusal(result) ? result : ok(await ctx.load(loaders).byId.load(result.value.id));
}

export const resolvers: Resolvers = {
  Query: {
    return: (_, { id }, ctx) => ctx.load(loaders).byId.load(readId('ret', id)),
    returns: (_, args, ctx) => returnPage(ctx, args),
  },
  Mutation: {
    returnRequest: async (_, { input }, ctx) => payload('return', await reloaded(ctx, await returnRequest(ctx, input))),
    returnApprove: async (_, { input }, ctx) => payload('return', await reloaded(ctx, await returnApprove(ctx, input))),
    returnDecline: async (_, { input }, ctx) => payload('return', await reloaded(ctx, await returnDecline(ctx, input))),
    returnReceive: async (_, { input }, ctx) => payload('return', await reloaded(ctx, await returnReceive(ctx, input))),
    returnCancel: async (_, { input }, ctx) => payload('return', await reloaded(ctx, await returnCancel(ctx, input))),
  },
  Order: { returns: (order, _, ctx) => ctx.load(loaders).byOrder.load(order.id) },
  OrderLine: {
    returnedQuantity: (line) => line.returned,
    returningQuantity: (line) => line.returningUnits,
  },
  Return: {
    order: async (found, _, ctx) => present(await ctx.load(orderLoaders).byId.load(found.orderId)),
    availableTransitions: ({ status }) => returnTransitions(status),
    lines: (found, _, ctx) => ctx.load(loaders).linesByReturn.load(found.id),
  },
  ReturnLine: {
    line: async (part, _, ctx) => present(await ctx.load(orderLoaders).lineById.load(part.lineId)),
    receivedQuantity: (part) => part.received,
  },
};
