import { payload } from '@storegraph/subgraph';
import { customerOf } from '../customer/loaders.ts';
import type { Resolvers } from '../generated/graphql.ts';
import { customerAddressAdd } from './commands/customer-address-add.ts';
import { customerAddressRemove } from './commands/customer-address-remove.ts';
import { customerAddressUpdate } from './commands/customer-address-update.ts';
import { loaders } from './loaders.ts';

export const resolvers: Resolvers = {
  Mutation: {
    customerAddressAdd: async (_, { input }, ctx) => payload('address', await customerAddressAdd(ctx, input)),
    customerAddressUpdate: async (_, { input }, ctx) => payload('address', await customerAddressUpdate(ctx, input)),
    customerAddressRemove: async (_, { input }, ctx) => payload('customer', await customerAddressRemove(ctx, input)),
  },
  Customer: {
    addresses: ({ id }, _, { load }) => load(loaders).byCustomer.load(id),
    defaultBillingAddress: async ({ id }, _, { load }) =>
      (await load(loaders).byCustomer.load(id)).find((address) => address.defaultBilling),
    defaultShippingAddress: async ({ id }, _, { load }) =>
      (await load(loaders).byCustomer.load(id)).find((address) => address.defaultShipping),
  },
  Address: {
    customer: (address, _, ctx) => customerOf(ctx, address),
  },
};
