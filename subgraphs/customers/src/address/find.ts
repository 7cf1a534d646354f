import { own, type Tx } from '@storegraph/database';
import { eq } from 'drizzle-orm';
import { lockCustomer } from '../customer/lock.ts';
import type { CustomerRow } from '../customer/tables.ts';
import { addresses, type AddressRow } from './tables.ts';

/** The address and its customer, both as they will stay until this transaction changes them. */
export async function lockAddress(tx: Tx, id: AddressRow['id']): Promise<{ address: AddressRow; customer: CustomerRow } | undefined> {
  const isIt = own(tx, addresses, eq(addresses.id, id));
  for (;;) {
    const [found] = await tx.select({ customerId: addresses.customerId }).from(addresses).where(isIt);
    if (!found) return undefined;
    const customer = await lockCustomer(tx, found.customerId);
    // While this waited for the customer it may have gone, or a merge may have moved it.
    const [address] = await tx.select().from(addresses).where(isIt);
    if (address && address.customerId !== found.customerId) continue;
    return customer && address && { address, customer };
  }
}
