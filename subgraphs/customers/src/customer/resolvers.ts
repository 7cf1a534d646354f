import { payload, readId } from '@storegraph/subgraph';
import { loaders as contactPointLoaders, primaryAddress } from '../contact-point/loaders.ts';
import type { Resolvers } from '../generated/graphql.ts';
import { customerCreate } from './commands/customer-create.ts';
import { customerStatusSet } from './commands/customer-status-set.ts';
import { customerUpdate } from './commands/customer-update.ts';
import { customerTransitions, displayName, fullName } from './customer.ts';
import { loaders } from './loaders.ts';
import { customerList } from './queries.ts';

export const resolvers: Resolvers = {
  Query: {
    customer: (_, { id }, { load }) => load(loaders).byId.load(readId('cus', id)),
    customerByNumber: (_, { number }, { load }) => load(loaders).byNumber.load(number),
    customers: (_, args, ctx) => customerList(ctx, args),
  },
  Mutation: {
    customerCreate: async (_, { input }, ctx) => payload('customer', await customerCreate(ctx, input)),
    customerUpdate: async (_, { input }, ctx) => payload('customer', await customerUpdate(ctx, input)),
    customerStatusSet: async (_, { input }, ctx) => payload('customer', await customerStatusSet(ctx, input)),
  },
  Customer: {
    __resolveReference: ({ id }, { load }) => load(loaders).byId.load(readId('cus', id)),
    displayName: async (customer, _, { load }) => {
      if (fullName(customer) !== null) return displayName(customer, null, null);
      const points = await load(contactPointLoaders).byCustomer.load(customer.id);
      return displayName(customer, primaryAddress(points, 'EMAIL'), primaryAddress(points, 'PHONE'));
    },
    availableTransitions: ({ status, erasedAt }) =>
      customerTransitions(status).map((transition) => (erasedAt ? { ...transition, allowed: false, reason: 'NOT_FOUND' } : transition)),
  },
};
