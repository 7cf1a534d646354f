import { own, type Tx } from '@storegraph/database';
import { eq } from 'drizzle-orm';
import { lockCustomer } from '../customer/lock.ts';
import type { CustomerRow } from '../customer/tables.ts';
import { contactPoints, type ContactPointRow } from './tables.ts';

/** The contact point and its customer, both as they will stay until this transaction changes them. */
export async function lockContactPoint(
  tx: Tx,
  id: ContactPointRow['id'],
): Promise<{ contactPoint: ContactPointRow; customer: CustomerRow } | undefined> {
  const isIt = own(tx, contactPoints, eq(contactPoints.id, id));
  const [found] = await tx.select({ customerId: contactPoints.customerId }).from(contactPoints).where(isIt);
  const customer = found && (await lockCustomer(tx, found.customerId));
  if (!customer) return undefined;
  // It may have gone while this waited for the customer.
  const [contactPoint] = await tx.select().from(contactPoints).where(isIt);
  return contactPoint && { contactPoint, customer };
}
