import { payload } from '@storegraph/subgraph';
import type { Resolvers } from '../generated/graphql.ts';
import { macroCreate } from './commands/macro-create.ts';
import { macroDelete } from './commands/macro-delete.ts';
import { macroUpdate } from './commands/macro-update.ts';
import { variablesOf } from './macro.ts';
import { macroPage, macroText } from './queries.ts';

export const resolvers: Resolvers = {
  Query: {
    macros: (_, page, ctx) => macroPage(ctx, page),
    macroText: (_, args, ctx) => macroText(ctx, args),
  },
  Mutation: {
    macroCreate: async (_, { input }, ctx) => payload('macro', await macroCreate(ctx, input)),
    macroUpdate: async (_, { input }, ctx) => payload('macro', await macroUpdate(ctx, input)),
    macroDelete: async (_, { input }, ctx) => payload('macro', await macroDelete(ctx, input)),
  },
  Macro: { variables: ({ content }) => variablesOf(content) },
};
