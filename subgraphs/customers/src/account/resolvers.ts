import { payload } from '@storegraph/subgraph';
import { callerCustomer } from '../caller.ts';
import { loaders as contactPointLoaders } from '../contact-point/loaders.ts';
import { loaders as customerLoaders } from '../customer/loaders.ts';
import type { Resolvers } from '../generated/graphql.ts';
import { customerEmailVerificationRequest } from './commands/customer-email-verification-request.ts';
import { customerEmailVerify } from './commands/customer-email-verify.ts';
import { customerPasswordChange } from './commands/customer-password-change.ts';
import { customerPasswordResetRequest } from './commands/customer-password-reset-request.ts';
import { customerPasswordReset } from './commands/customer-password-reset.ts';
import { customerSignUp } from './commands/customer-sign-up.ts';
import { loaders } from './loaders.ts';

export const resolvers: Resolvers = {
  Query: {
    currentCustomer: (_, __, { identity, load }) => {
      const id = callerCustomer(identity);
      return id ? load(customerLoaders).byId.load(id) : null;
    },
  },
  Mutation: {
    customerSignUp: async (_, { input }, ctx) => payload('accepted', await customerSignUp(ctx, input)),
    customerEmailVerificationRequest: async (_, { input }, ctx) => payload('accepted', await customerEmailVerificationRequest(ctx, input)),
    customerEmailVerify: async (_, { input }, ctx) => payload('session', await customerEmailVerify(ctx, input)),
    customerPasswordResetRequest: async (_, { input }, ctx) => payload('accepted', await customerPasswordResetRequest(ctx, input)),
    customerPasswordReset: async (_, { input }, ctx) => payload('reset', await customerPasswordReset(ctx, input)),
    customerPasswordChange: async (_, { input }, ctx) => payload('account', await customerPasswordChange(ctx, input)),
  },
  Customer: { account: ({ id }, _, { load }) => load(loaders).byCustomer.load(id) },
  CustomerAccount: {
    verified: async ({ customerId }, _, { load }) => {
      const points = await load(contactPointLoaders).byCustomer.load(customerId);
      return points.some(({ provenAt }) => provenAt !== null);
    },
  },
};
