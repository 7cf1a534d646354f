import { payload } from '@storegraph/subgraph';
import { customerOf } from '../customer/loaders.ts';
import type { Resolvers } from '../generated/graphql.ts';
import { customerContactPointAdd } from './commands/customer-contact-point-add.ts';
import { customerContactPointPrimarySet } from './commands/customer-contact-point-primary-set.ts';
import { customerContactPointRemove } from './commands/customer-contact-point-remove.ts';
import { customerContactPointVerify } from './commands/customer-contact-point-verify.ts';
import { loaders, primaryAddress } from './loaders.ts';

export const resolvers: Resolvers = {
  Mutation: {
    customerContactPointAdd: async (_, { input }, ctx) => payload('contactPoint', await customerContactPointAdd(ctx, input)),
    customerContactPointRemove: async (_, { input }, ctx) => payload('customer', await customerContactPointRemove(ctx, input)),
    customerContactPointPrimarySet: async (_, { input }, ctx) => payload('contactPoint', await customerContactPointPrimarySet(ctx, input)),
    customerContactPointVerify: async (_, { input }, ctx) => payload('contactPoint', await customerContactPointVerify(ctx, input)),
  },
  Customer: {
    contactPoints: ({ id }, _, { load }) => load(loaders).byCustomer.load(id),
    email: async ({ id }, _, { load }) => primaryAddress(await load(loaders).byCustomer.load(id), 'EMAIL'),
    phone: async ({ id }, _, { load }) => primaryAddress(await load(loaders).byCustomer.load(id), 'PHONE'),
  },
  ContactPoint: {
    customer: (point, _, ctx) => customerOf(ctx, point),
    source: ({ source }) => source || null,
    primary: ({ isPrimary }) => isPrimary,
    verified: ({ verifiedAt }) => verifiedAt !== null,
  },
};
