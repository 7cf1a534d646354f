import type { Id } from '@storegraph/core';
import {
  ascending,
  type Connection,
  descending,
  keyset,
  own,
  type PageArguments,
  prepared,
  type Tx,
  uuidArray,
  uuids,
} from '@storegraph/database';
import { grouped, loader, orThrow, PublicError, type Context, type LoadContext } from '@storegraph/subgraph';
import { asc, count, desc, getTableColumns, sql, type Placeholder, type SQL } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { conditionsOf, type OrderFilter } from '../desk/filter.ts';
import { pageLoader } from '../paged.ts';
import { orderEvents, orders, type OrderEventRow, type OrderRow } from './tables.ts';

export type OrderConnection = Connection<OrderRow>;

export interface OrderListArguments extends PageArguments {
  readonly filter?: OrderFilter | null;
  readonly sort?: { readonly by?: OrderSortField | null; readonly direction?: 'ASC' | 'DESC' | null } | null;
}

const sortedBy = {
  PLACED_AT: orders.placedAt,
  NUMBER: orders.number,
  TOTAL: orders.total,
  UPDATED_AT: orders.updatedAt,
  CUSTOMER_NAME: orders.contactName,
} as const;
type OrderSortField = keyof typeof sortedBy;

/** A page of the store's orders. Throws BAD_REQUEST for a page that can't be read, and FORBIDDEN for a customer's question after the staff's notes. */
export async function orderPage({ db, identity }: Context, { filter, sort, ...page }: OrderListArguments): Promise<OrderConnection> {
  if (identity.kind === 'CUSTOMER' && typeof filter?.hasNote === 'boolean')
    throw new PublicError('FORBIDDEN', 'Whether the staff noted something is not for customers.');
  const by = sort?.by ?? 'PLACED_AT';
  const direction = sort?.direction === 'ASC' ? ascending : descending;
  // A number is unique by itself.
  const id = by === 'NUMBER' ? orders.number : orders.id;
  const part = orThrow(keyset(page, { table: orders, sort: [direction(sortedBy[by])], id }));
  const which = (tx: Tx) => (filter ? conditionsOf(tx, filter) : []);
  return db.read(async (tx) => {
    const rows = await tx
      .select()
      .from(orders)
      .where(own(tx, orders, ...which(tx), part.where))
      .orderBy(...part.orderBy)
      .limit(part.limit);
    return part.connection(rows, () => db.read((later) => later.$count(orders, own(later, orders, ...which(later)))));
  });
}

const newest = alias(orders, 'newest');
const newestFirst = { table: orders, sort: [descending(orders.placedAt)], id: orders.id };

/**
 * For each customer a page of their orders, newest first, in one statement for any number of customers: each is an entry into the index of
 * its own, however many orders the others have.
 */
export async function ordersOfCustomers(
  ctx: LoadContext,
  customers: readonly Id<'cus'>[],
  page: PageArguments,
): Promise<OrderConnection[]> {
  const part = orThrow(keyset(page, newestFirst));
  const rows = await ctx.db.read((tx) =>
    part.where ? newestOfEach(tx, uuids(customers), part) : firstOfEach(tx, { customers, limit: part.limit }),
  );
  const counts = ctx.load(countLoaders).byCustomer;
  return grouped(customers, rows, (row) => row.customerId).map((theirs, index) => {
    const customer = customers[index];
    return part.connection(theirs, async () => (customer ? counts.load(customer) : 0));
  });
}

function newestOfEach(
  tx: Tx,
  customers: SQL,
  { where, limit }: { readonly where?: SQL | undefined; readonly limit: number | Placeholder },
) {
  const lateral = tx
    .select()
    .from(orders)
    .where(own(tx, orders, sql`${orders.customerId} = customer.id`, where))
    .orderBy(desc(orders.placedAt), desc(orders.id))
    .limit(limit)
    .as('newest');
  return tx
    .select(getTableColumns(newest))
    .from(sql`unnest(${customers}) as customer (id)`)
    .crossJoinLateral(lateral)
    .orderBy(desc(newest.placedAt), desc(newest.id));
}

/** The first pages, as nearly everybody asks for them. */
const firstOfEach = prepared<{ readonly customers: readonly Id<'cus'>[]; readonly limit: number }, OrderRow>((tx, parameter) =>
  newestOfEach(tx, sql`${parameter(({ customers }) => uuidArray(customers))}::uuid[]`, { limit: parameter(({ limit }) => limit) }),
);

const countLoaders = (ctx: LoadContext) => ({
  byCustomer: loader(ctx, async (customers: readonly Id<'cus'>[]) => {
    const rows = await ctx.db.read((tx) =>
      tx
        .select({ customerId: orders.customerId, orders: count() })
        .from(orders)
        .where(own(tx, orders, sql`${orders.customerId} = any(${uuids(customers)})`))
        .groupBy(orders.customerId),
    );
    return customers.map((customer) => rows.find((row) => row.customerId === customer)?.orders ?? 0);
  }),
});

const entry = alias(orderEvents, 'entry');
const inSequence = { table: orderEvents, sort: [ascending(orderEvents.sequence)], id: orderEvents.id };

export const eventLoaders = (ctx: LoadContext) => ({
  /** Of each order a page of its timeline, in one statement. */
  page: pageLoader<'ord', OrderEventRow>(ctx, async (ids, page) => {
    const part = orThrow(keyset(page, inSequence));
    const rows = await ctx.db.read((tx) => {
      const lateral = tx
        .select()
        .from(orderEvents)
        .where(own(tx, orderEvents, sql`${orderEvents.orderId} = parent.id`, part.where))
        .orderBy(...part.orderBy)
        .limit(part.limit)
        .as('entry');
      return tx
        .select(getTableColumns(entry))
        .from(sql`unnest(${uuids(ids)}) as parent (id)`)
        .crossJoinLateral(lateral)
        .orderBy(asc(entry.sequence));
    });
    return grouped(ids, rows, (row) => row.orderId).map((theirs) => part.connection(theirs, () => Promise.resolve(theirs.length)));
  }),
});
