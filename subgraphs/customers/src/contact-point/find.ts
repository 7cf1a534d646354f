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
  for (;;) {
    const [found] = await tx.select({ customerId: contactPoints.customerId }).from(contactPoints).where(isIt);
    if (!found) return undefined;
    const customer = await lockCustomer(tx, found.customerId);
    // While this waited for the customer it may have gone, or a merge may have moved it.
    const [contactPoint] = await tx.select().from(contactPoints).where(isIt);
    if (contactPoint && contactPoint.customerId !== found.customerId) continue;
    return customer && contactPoint && { contactPoint, customer };
  }
}
