import type { CustomerId } from '@storegraph/core';
import { own } from '@storegraph/database';
import { grouped, loader, type LoadContext } from '@storegraph/subgraph';
import { asc, desc, inArray, sql } from 'drizzle-orm';
import { addresses } from './tables.ts';

export const loaders = (ctx: LoadContext) => ({
  byCustomer: loader(ctx, async (ids: readonly CustomerId[]) => {
    const rows = await ctx.db.read((tx) =>
      tx
        .select()
        .from(addresses)
        .where(own(tx, addresses, inArray(addresses.customerId, [...ids])))
        .orderBy(desc(sql`${addresses.defaultBilling} or ${addresses.defaultShipping}`), asc(addresses.createdAt), asc(addresses.id)),
    );
    return grouped(ids, rows, (address) => address.customerId);
  }),
});
