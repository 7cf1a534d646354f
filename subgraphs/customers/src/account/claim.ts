import { fail, newId, ok, type Result } from '@storegraph/core';
import { one, own, owned, savepoint, type Tx } from '@storegraph/database';
import { customerCreated, emit } from '@storegraph/events';
import { eq } from 'drizzle-orm';
import type { ContactAddress } from '../contact-point/contact-point.ts';
import { insertContactPoints, proveContactPoint, removeContactPoint } from '../contact-point/write.ts';
import { lockCustomer } from '../customer/lock.ts';
import { searchName } from '../customer/name.ts';
import { profileOf } from '../customer/profile.ts';
import { customers, type CustomerRow } from '../customer/tables.ts';
import { takeNumbers } from '../store/numbers.ts';
import { emailPoint } from './find.ts';
import { accounts } from './tables.ts';

export interface Newcomer {
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly language: string | null;
}

interface Claimed {
  /** Locked. */
  readonly customer: CustomerRow;
  /** The store knew the customer before. */
  readonly claimed: boolean;
}

/**
 * The customer of an e-mail address that has just been shown to belong to whoever asks: the one who has it, or a new one. An address that was
 * noted for somebody else with an account, by staff and never with a link, goes over: what is shown counts for more than what is said.
 *
 * Staff may move the address meanwhile, and others make customers with it. The customer is locked before anything is decided, the store's
 * numbers before a customer is made, and the unique key has the last word; whenever that shows that things have changed, it looks again.
 */
export async function claimAddress(
  tx: Tx,
  address: ContactAddress,
  newcomer: Newcomer,
  now: Date,
): Promise<Result<Claimed, 'ACCOUNT_EXISTS' | 'DISABLED'>> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const point = await emailPoint(tx, address.address);
    if (!point) {
      const customer = await makeCustomer(tx, address, newcomer, now);
      if (customer) return ok({ customer, claimed: false });
      continue;
    }
    const customer = await lockCustomer(tx, point.customerId);
    const present = await emailPoint(tx, address.address);
    if (!customer || present?.customerId !== customer.id) continue;
    if (!(await hasAccount(tx, customer))) {
      if (customer.status === 'DISABLED') return fail('DISABLED', 'The store does not serve this customer at the moment.');
      await proveContactPoint(tx, present, now);
      return ok({ customer, claimed: true });
    }
    if (present.provenAt) return fail('ACCOUNT_EXISTS', 'The address has an account: log in, or reset its password.');
    // Whoever makes a customer with the address has the store's numbers and waits for the address: so these come first here, too.
    await takeNumbers(tx, 0);
    await removeContactPoint(tx, present);
  }
  throw new Error('The address of a sign-up goes from customer to customer.');
}

const mostTries = 10;

async function hasAccount(tx: Tx, { id }: CustomerRow): Promise<boolean> {
  return (await tx.$count(accounts, own(tx, accounts, eq(accounts.customerId, id)))) > 0;
}

/** Undefined where somebody else has taken the address in the meantime: then no number is used up. */
async function makeCustomer(tx: Tx, address: ContactAddress, newcomer: Newcomer, now: Date): Promise<CustomerRow | undefined> {
  try {
    return await savepoint(tx, async () => {
      const { lastNumber: number } = await takeNumbers(tx, 1);
      const id = newId('cus');
      const profile = profileOf(newcomer);
      const values = { ...profile, id, number, searchName: searchName(profile.firstName, profile.lastName) };
      const customer = one(await tx.insert(customers).values(owned(tx, values)).returning());
      await emit(tx, customerCreated({ customerId: id, number, status: customer.status }, { personal: { ...profile, tags: [] } }));
      const added = await insertContactPoints(tx, id, [{ ...address, isPrimary: true, verifiedAt: now, provenAt: now }]);
      if (added.length === 0) throw new AddressTaken();
      return customer;
    });
  } catch (error) {
    if (error instanceof AddressTaken) return undefined;
    throw error;
  }
}

/** Only an error undoes a savepoint. */
class AddressTaken extends Error {}
