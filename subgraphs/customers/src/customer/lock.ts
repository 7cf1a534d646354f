import type { CustomerId } from '@storegraph/core';
import { own, type Tx } from '@storegraph/database';
import { and, eq, inArray } from 'drizzle-orm';
import { isStanding } from '../merge/forward.ts';
import { customers, type CustomerRow } from './tables.ts';

/**
 * The customer, who is changed by nobody else until the commit: what a customer has in all (defaults, primaries) is decided one after another.
 * Undefined for one who was merged into another, or erased: nothing is written to those. They are not locked either, so that whoever waits here
 * waits for one row alone.
 */
export async function lockCustomer(tx: Tx, id: CustomerId): Promise<CustomerRow | undefined> {
  const [customer] = await tx
    .select()
    .from(customers)
    .where(own(tx, customers, and(eq(customers.id, id), isStanding())))
    .for('no key update');
  return customer;
}

/** Several customers, whatever has become of them, in the order of their ids: two transactions that take the same ones do not wait in a circle. */
export async function lockCustomers(tx: Tx, ids: readonly CustomerId[]): Promise<Map<CustomerId, CustomerRow>> {
  const rows = await tx
    .select()
    .from(customers)
    .where(own(tx, customers, inArray(customers.id, [...ids])))
    .orderBy(customers.id)
    .for('no key update');
  return new Map(rows.map((row) => [row.id, row]));
}
