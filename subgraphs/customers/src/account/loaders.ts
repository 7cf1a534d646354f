import type { CustomerId } from '@storegraph/core';
import { own } from '@storegraph/database';
import { inOrder, loader, type LoadContext } from '@storegraph/subgraph';
import { inArray } from 'drizzle-orm';
import { accounts } from './tables.ts';

export const loaders = (ctx: LoadContext) => ({
  byCustomer: loader(ctx, async (ids: readonly CustomerId[]) => {
    const rows = await ctx.db.read((tx) =>
      tx
        .select()
        .from(accounts)
        .where(own(tx, accounts, inArray(accounts.customerId, [...ids]))),
    );
    return inOrder(ids, rows, (account) => account.customerId);
  }),
});
