import type { CustomerId } from '@storegraph/core';
import { own, type Tx } from '@storegraph/database';
import { eq } from 'drizzle-orm';
import { customers, type CustomerRow } from './tables.ts';

/** The customer, who is changed by nobody else until the commit: what a customer has in all (defaults, primaries) is decided one after another. */
export async function lockCustomer(tx: Tx, id: CustomerId): Promise<CustomerRow | undefined> {
  const [customer] = await tx
    .select()
    .from(customers)
    .where(own(tx, customers, eq(customers.id, id)))
    .for('no key update');
  return customer;
}
