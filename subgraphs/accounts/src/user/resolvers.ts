import { payload, readId } from '@storegraph/subgraph';
import type { Resolvers } from '../generated/graphql.ts';
import { userSignUp } from './commands/user-sign-up.ts';
import { userUpdate } from './commands/user-update.ts';
import { userLoaders } from './loaders.ts';
import { displayName } from './user.ts';

export const resolvers: Resolvers = {
  Mutation: {
    userSignUp: async (_, { input }, ctx) => payload('accepted', await userSignUp(ctx, input)),
    userUpdate: async (_, { input }, ctx) => payload('user', await userUpdate(ctx, input)),
  },
  User: {
    __resolveReference: ({ id }, { load }) => load(userLoaders).byId.load(readId('usr', id)),
    displayName: (person) => displayName(person),
  },
};
