import { payload } from '@storegraph/subgraph';
import type { Resolvers } from '../generated/graphql.ts';
import { customerTagsAdd } from './commands/customer-tags-add.ts';
import { customerTagsRemove } from './commands/customer-tags-remove.ts';
import { loaders } from './loaders.ts';
import { tagList } from './queries.ts';

export const resolvers: Resolvers = {
  Query: { customerTags: (_, args, ctx) => tagList(ctx, args) },
  Mutation: {
    customerTagsAdd: async (_, { input }, ctx) => payload('customer', await customerTagsAdd(ctx, input)),
    customerTagsRemove: async (_, { input }, ctx) => payload('customer', await customerTagsRemove(ctx, input)),
  },
  Customer: { tags: ({ id }, _, { load }) => load(loaders).byCustomer.load(id) },
};
