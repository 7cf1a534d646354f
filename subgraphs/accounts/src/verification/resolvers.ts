import { payload } from '@storegraph/subgraph';
import type { Resolvers } from '../generated/graphql.ts';
import { userEmailChangeRequest } from './commands/user-email-change-request.ts';
import { userEmailVerificationRequest } from './commands/user-email-verification-request.ts';
import { userEmailVerify } from './commands/user-email-verify.ts';

export const resolvers: Resolvers = {
  Mutation: {
    userEmailVerificationRequest: async (_, { input }, ctx) => payload('accepted', await userEmailVerificationRequest(ctx, input)),
    userEmailChangeRequest: async (_, { input }, ctx) => payload('accepted', await userEmailChangeRequest(ctx, input)),
    userEmailVerify: async (_, { input }, ctx) => payload('accepted', await userEmailVerify(ctx, input)),
  },
};
