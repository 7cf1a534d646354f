import { money, ratio, type Id, type Money } from '@storegraph/core';
import { own, prepared, type Tx, uuidArray } from '@storegraph/database';
import { grouped } from '@storegraph/subgraph';
import { inArray, isNull, sql } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/pg-core';
import { countedStatuses } from '../order/order.ts';
import { orders } from '../order/tables.ts';
import { refunds } from '../payment/tables.ts';

export interface CustomerOrderMetrics {
  readonly totalOrders: number;
  readonly totalSpent: readonly Money[];
  readonly totalRefunded: readonly Money[];
  readonly averageOrderValue: readonly Money[];
  readonly firstOrderDate: Date | null;
  readonly lastOrderDate: Date | null;
}

/** What orders add up to in one currency. */
export interface CurrencyTotals {
  readonly currency: string;
  readonly orders: number;
  readonly spent: bigint;
  readonly refunded: bigint;
}

interface CustomerTotals extends CurrencyTotals {
  readonly customerId: Id<'cus'> | null;
  readonly first: Date | null;
  readonly last: Date | null;
}

/** The orders' part is read from an index alone; refunds of orders stand on the order, so only credit notes without one are added. */
const totalsOfCustomers = prepared<readonly Id<'cus'>[], CustomerTotals>((tx, parameter) => {
  const counted = tx
    .select({
      customerId: orders.customerId,
      currency: orders.currency,
      orders: sql`count(*)`.mapWith(Number).as('orders'),
      spent: sql`sum(${orders.total})`.mapWith(BigInt).as('spent'),
      refunded: sql`sum(${orders.refunded})`.mapWith(BigInt).as('refunded'),
      first: sql<Date | null>`min(${orders.placedAt})`.mapWith(orders.placedAt).as('first'),
      last: sql<Date | null>`max(${orders.placedAt})`.mapWith(orders.placedAt).as('last'),
    })
    .from(orders)
    .where(own(tx, orders, sql`${orders.customerId} = any(${parameter(uuidArray)}::uuid[])`, inArray(orders.status, [...countedStatuses])))
    .groupBy(orders.customerId, orders.currency);
  const creditNotes = tx
    .select({
      customerId: refunds.customerId,
      currency: refunds.currency,
      orders: sql`0::bigint`.mapWith(Number).as('orders'),
      spent: sql`0::numeric`.mapWith(BigInt).as('spent'),
      refunded: sql`sum(${refunds.amount})`.mapWith(BigInt).as('refunded'),
      first: sql<Date | null>`null::timestamptz`.mapWith(orders.placedAt).as('first'),
      last: sql<Date | null>`null::timestamptz`.mapWith(orders.placedAt).as('last'),
    })
    .from(refunds)
    .where(own(tx, refunds, sql`${refunds.customerId} = any(${parameter(uuidArray)}::uuid[])`, isNull(refunds.orderId)))
    .groupBy(refunds.customerId, refunds.currency);
  return unionAll(counted, creditNotes);
});

/** What each customer's orders add up to, in one statement for any number of customers. */
export async function customerMetrics(tx: Tx, ids: readonly Id<'cus'>[]): Promise<CustomerOrderMetrics[]> {
  const rows = await totalsOfCustomers(tx, ids);
  return grouped(ids, rows, (row) => row.customerId).map((theirs) => ({
    ...totalsOf(theirs),
    firstOrderDate: earliest(theirs.map((row) => row.first)),
    lastOrderDate: latest(theirs.map((row) => row.last)),
  }));
}

/** The amounts of several rows as lists of money, by currency; a currency in which there is nothing is left out. */
export function totalsOf(
  rows: Iterable<CurrencyTotals>,
): Pick<CustomerOrderMetrics, 'totalOrders' | 'totalSpent' | 'totalRefunded' | 'averageOrderValue'> {
  const sums = new Map<string, CurrencyTotals>();
  for (const row of rows) {
    const { currency } = row;
    const { orders: count, spent, refunded } = sums.get(currency) ?? { orders: 0, spent: 0n, refunded: 0n };
    sums.set(currency, { currency, orders: count + row.orders, spent: spent + row.spent, refunded: refunded + row.refunded });
  }
  const list = [...sums.values()].toSorted((a, b) => (a.currency < b.currency ? -1 : 1));
  const sold = list.filter((each) => each.orders > 0);
  return {
    totalOrders: list.reduce((sum, each) => sum + each.orders, 0),
    totalSpent: sold.map((each) => money(each.spent, each.currency)),
    totalRefunded: list.filter((each) => each.refunded > 0n).map((each) => money(each.refunded, each.currency)),
    averageOrderValue: sold.map((each) => money(ratio(each.spent, 1n, BigInt(each.orders)), each.currency)),
  };
}

const times = (dates: readonly (Date | null)[]) => dates.filter((date) => date !== null).map((date) => date.getTime());

const earliest = (dates: readonly (Date | null)[]) => (times(dates).length > 0 ? new Date(Math.min(...times(dates))) : null);

const latest = (dates: readonly (Date | null)[]) => (times(dates).length > 0 ? new Date(Math.max(...times(dates))) : null);
