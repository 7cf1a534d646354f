import { isRefusal, ok, type Id, type Result } from '@storegraph/core';
import { payload, readId, type Context } from '@storegraph/subgraph';
import { loaders as customerLoaders } from '../customer/loaders.ts';
import type { Resolvers } from '../generated/graphql.ts';
import { customerErase } from './commands/customer-erase.ts';
import { loaders } from './loaders.ts';
import { erasureList } from './queries.ts';
import type { ErasureRow } from './tables.ts';

async function reloaded<Code extends string>(ctx: Context, done: Result<{ id: Id<'ers'> }, Code>): Promise<Result<ErasureRow, Code>> {
  if (isRefusal(done)) return done;
  const erasure = await ctx.load(loaders).byId.load(done.value.id);
  if (!erasure) throw new Error('An erasure was made and is not there.');
  return ok(erasure);
}

export const resolvers: Resolvers = {
  Query: {
    erasure: (_, { id }, { load }) => load(loaders).byId.load(readId('ers', id)),
    erasures: (_, args, ctx) => erasureList(ctx, args),
  },
  Mutation: {
    customerErase: async (_, { input }, ctx) => payload('erasure', await reloaded(ctx, await customerErase(ctx, input))),
  },
  Erasure: {
    __resolveReference: ({ id }, { load }) => load(loaders).byId.load(readId('ers', id)),
    customer: ({ customerId }, _, { load }) => load(customerLoaders).byId.load(customerId),
    requestedBy: ({ requestedByKind: kind, requestedById: id }) => ({ kind, id }),
    parts: ({ id }, _, { load }) => load(loaders).parts.load(id),
  },
};
