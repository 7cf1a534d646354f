import { own } from '@storegraph/database';
import type { Context } from '@storegraph/subgraph';
import { eq, sql } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/pg-core';
import { orderStatuses, type OrderStatus } from '../order/order.ts';
import { orders } from '../order/tables.ts';

const most = 10_000;

/** How many orders each status has, by one statement that reads at most 10,001 index entries for each. */
export async function orderCounts({ db }: Context): Promise<{ status: OrderStatus; count: number; more: boolean }[]> {
  const counted = await db.read((tx) => {
    const [first, second, ...rest] = orderStatuses.map((status) => {
      const some = tx
        .select({ one: sql`1`.as('one') })
        .from(orders)
        .where(own(tx, orders, eq(orders.status, status)))
        .limit(most + 1)
        .as('some');
      return tx.select({ status: sql<OrderStatus>`${status}::text`, count: sql<number>`count(*)::integer` }).from(some);
    });
    if (!first || !second) throw new Error('An order has more than one status');
    return unionAll(first, second, ...rest);
  });
  return counted.map(({ status, count }) => ({ status, count: Math.min(count, most), more: count > most }));
}
