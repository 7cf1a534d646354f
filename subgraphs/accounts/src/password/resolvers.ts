import { payload } from '@storegraph/subgraph';
import type { Resolvers } from '../generated/graphql.ts';
import { passwordChange } from './commands/password-change.ts';
import { passwordResetRequest } from './commands/password-reset-request.ts';
import { passwordReset } from './commands/password-reset.ts';

export const resolvers: Resolvers = {
  Mutation: {
    passwordResetRequest: async (_, { input }, ctx) => payload('accepted', await passwordResetRequest(ctx, input)),
    passwordReset: async (_, { input }, ctx) => payload('accepted', await passwordReset(ctx, input)),
    passwordChange: async (_, { input }, ctx) => payload('accepted', await passwordChange(ctx, input)),
  },
};
