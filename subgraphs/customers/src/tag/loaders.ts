import type { CustomerId } from '@storegraph/core';
import { own } from '@storegraph/database';
import { grouped, loader, type LoadContext } from '@storegraph/subgraph';
import { asc, inArray } from 'drizzle-orm';
import { customerTags } from './tables.ts';

export const loaders = (ctx: LoadContext) => ({
  byCustomer: loader(ctx, async (ids: readonly CustomerId[]) => {
    const rows = await ctx.db.read((tx) =>
      tx
        .select({ customerId: customerTags.customerId, tag: customerTags.tag })
        .from(customerTags)
        .where(own(tx, customerTags, inArray(customerTags.customerId, [...ids])))
        .orderBy(asc(customerTags.tag)),
    );
    return grouped(ids, rows, (row) => row.customerId).map((theirs) => theirs.map(({ tag }) => tag));
  }),
});
