import type { Id, Result } from '@storegraph/core';
import { isRefusal, ok } from '@storegraph/core';
import { payload, type Context } from '@storegraph/subgraph';
import { loaders as customerLoaders } from '../customer/loaders.ts';
import { displayName } from '../customer/customer.ts';
import type { Resolvers } from '../generated/graphql.ts';
import { customerMerge } from './commands/customer-merge.ts';
import { customerMergeUndo } from './commands/customer-merge-undo.ts';
import { loaders } from './loaders.ts';
import { undoRefusal } from './merge.ts';
import type { MergeRow } from './tables.ts';

/** The merge as it now is: what is kept under an idempotency key holds nothing of the two. */
async function reloaded<Code extends string>(ctx: Context, done: Result<{ id: Id<'mrg'> }, Code>): Promise<Result<MergeRow, Code>> {
  if (isRefusal(done)) return done;
  const merge = await ctx.load(loaders).byId.load(done.value.id);
  if (!merge) throw new Error('A merge was made and is not there.');
  return ok(merge);
}

export const resolvers: Resolvers = {
  Mutation: {
    customerMerge: async (_, { input }, ctx) => payload('merge', await reloaded(ctx, await customerMerge(ctx, input))),
    customerMergeUndo: async (_, { input }, ctx) => payload('merge', await reloaded(ctx, await customerMergeUndo(ctx, input))),
  },
  Customer: { merges: ({ id }, _, { load }) => load(loaders).bySurvivor.load(id) },
  CustomerMerge: {
    survivor: ({ survivorId }, _, { load }) => load(customerLoaders).byId.load(survivorId),
    merged: ({ mergedId }, _, { load }) => load(loaders).entry.load(mergedId),
    mergedBy: ({ mergedByKind: kind, mergedById: id }) => ({ kind, id }),
    undoneBy: ({ undoneByKind: kind, undoneById: id }) => (kind ? { kind, id } : null),
    availableTransitions: async (merge, _, { load }) => {
      const survivor = await load(loaders).entry.load(merge.survivorId);
      const reason = survivor && undoRefusal(merge, survivor);
      return [{ name: 'UNDONE', allowed: reason === null, reason }];
    },
  },
  MergedCustomer: { displayName: (customer) => displayName(customer, null, null) },
};
