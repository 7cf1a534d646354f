import type { CustomerId } from '@storegraph/core';
import { own } from '@storegraph/database';
import { inOrder, loader, type Context, type LoadContext } from '@storegraph/subgraph';
import { inArray } from 'drizzle-orm';
import { customers, type CustomerRow } from './tables.ts';

export const loaders = (ctx: LoadContext) => ({
  byId: loader(ctx, async (ids: readonly CustomerId[]) => {
    const rows = await ctx.db.read((tx) =>
      tx
        .select()
        .from(customers)
        .where(own(tx, customers, inArray(customers.id, [...ids]))),
    );
    return inOrder(ids, rows, (customer) => customer.id);
  }),
  byNumber: loader(ctx, async (numbers: readonly number[]) => {
    const rows = await ctx.db.read((tx) =>
      tx
        .select()
        .from(customers)
        .where(own(tx, customers, inArray(customers.number, [...numbers]))),
    );
    return inOrder(numbers, rows, (customer) => customer.number);
  }),
});

/** The customer that a row belongs to. Whoever may see the row may see its customer. */
export async function customerOf({ load }: Context, { customerId }: { readonly customerId: CustomerId }): Promise<CustomerRow> {
  const customer = await load(loaders).byId.load(customerId);
  if (!customer) throw new Error('A row of a customer who is not there.');
  return customer;
}
