import type { Id } from '@storegraph/core';
import { ascending, descending, keyset, own, type Connection, type PageArguments, type Tx } from '@storegraph/database';
import { grouped, loader, orThrow, readId, type Context, type LoadContext } from '@storegraph/subgraph';
import { asc, count, desc, eq, getTableColumns, gte, inArray, lt, or, sql, type SQL } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { pageLoader } from '../paged.ts';
import { uuids } from '../sql.ts';
import type { FulfillmentStatus, OrderStatus, PaymentStatus } from './order.ts';
import { orderEvents, orders, type OrderEventRow, type OrderRow } from './tables.ts';

export type OrderConnection = Connection<OrderRow>;

export interface OrderListArguments extends PageArguments {
  readonly filter?: {
    readonly status?: readonly OrderStatus[] | null;
    readonly paymentStatus?: readonly PaymentStatus[] | null;
    readonly fulfillmentStatus?: readonly FulfillmentStatus[] | null;
    readonly customerId?: string | null;
    readonly placedFrom?: Date | null;
    readonly placedTo?: Date | null;
    readonly source?: string | null;
    readonly query?: string | null;
  } | null;
  readonly sort?: { readonly by?: 'PLACED_AT' | 'NUMBER' | null; readonly direction?: 'ASC' | 'DESC' | null } | null;
}

/** A page of the store's orders. Throws BAD_REQUEST for a page that can't be read. */
export function orderPage({ db }: Context, { filter, sort, ...page }: OrderListArguments): Promise<OrderConnection> {
  const by = sort?.by === 'NUMBER' ? orders.number : orders.placedAt;
  const direction = sort?.direction === 'ASC' ? ascending : descending;
  // A number is unique by itself.
  const id = sort?.by === 'NUMBER' ? orders.number : orders.id;
  const part = orThrow(keyset(page, { table: orders, sort: [direction(by)], id }));
  const conditions = filter ? conditionsOf(filter) : [];
  return db.read(async (tx) => {
    const rows = await tx
      .select()
      .from(orders)
      .where(own(tx, orders, ...conditions, part.where))
      .orderBy(...part.orderBy)
      .limit(part.limit);
    return part.connection(rows, () => db.read((later) => countOf(later, conditions)));
  });
}

async function countOf(tx: Tx, conditions: readonly (SQL | undefined)[]): Promise<number> {
  const [row] = await tx
    .select({ orders: count() })
    .from(orders)
    .where(own(tx, orders, ...conditions));
  return row?.orders ?? 0;
}

const some = <T>(values: readonly T[] | null | undefined): values is readonly T[] => values !== null && values !== undefined;

// Follow from the states asked for. Said as the partial indexes of the same names say them, so that these are used whatever the parameters.
const unpaid = sql`${orders.paymentStatus} <> 'PAID'`;
const unfulfilled = sql`${orders.fulfillmentStatus} <> 'FULFILLED'`;

function conditionsOf(filter: NonNullable<OrderListArguments['filter']>): (SQL | undefined)[] {
  const { status, paymentStatus, fulfillmentStatus, customerId, placedFrom, placedTo, source, query } = filter;
  return [
    some(status) ? inArray(orders.status, [...status]) : undefined,
    some(paymentStatus) ? inArray(orders.paymentStatus, [...paymentStatus]) : undefined,
    some(paymentStatus) && !paymentStatus.includes('PAID') ? unpaid : undefined,
    some(fulfillmentStatus) ? inArray(orders.fulfillmentStatus, [...fulfillmentStatus]) : undefined,
    some(fulfillmentStatus) && !fulfillmentStatus.includes('FULFILLED') ? unfulfilled : undefined,
    customerId ? eq(orders.customerId, readId('cus', customerId)) : undefined,
    placedFrom ? gte(orders.placedAt, placedFrom) : undefined,
    placedTo ? lt(orders.placedAt, placedTo) : undefined,
    source ? eq(orders.source, source) : undefined,
    query?.trim() ? matching(query.trim()) : undefined,
  ];
}

/** Each alternative is an equality that has an index of its own. */
function matching(query: string): SQL | undefined {
  const number = /^#?(\d{1,18})$/.exec(query)?.[1];
  return or(
    number ? eq(orders.number, BigInt(number)) : undefined,
    eq(orders.externalId, query),
    query.includes('@') ? eq(orders.contactEmail, query.toLowerCase()) : undefined,
  );
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
  const rows = await ctx.db.read((tx) => {
    const lateral = tx
      .select()
      .from(orders)
      .where(own(tx, orders, sql`${orders.customerId} = customer.id`, part.where))
      .orderBy(...part.orderBy)
      .limit(part.limit)
      .as('newest');
    return tx
      .select(getTableColumns(newest))
      .from(sql`unnest(${uuids(customers)}) as customer (id)`)
      .crossJoinLateral(lateral)
      .orderBy(desc(newest.placedAt), desc(newest.id));
  });
  const counts = ctx.load(countLoaders).byCustomer;
  return grouped(customers, rows, (row) => row.customerId).map((theirs, index) => {
    const customer = customers[index];
    return part.connection(theirs, async () => (customer ? counts.load(customer) : 0));
  });
}

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
