import { one, own, type Tx } from '@storegraph/database';
import { customerUpdated, emit } from '@storegraph/events';
import { asc, eq, sql } from 'drizzle-orm';
import { customerTags } from '../tag/tables.ts';
import { searchName } from './name.ts';
import { profileOf, type Profile } from './profile.ts';
import { customers, type CustomerRow } from './tables.ts';

type Changed = Parameters<typeof customerUpdated>[0]['changed'];

/** Writes a customer who is locked as it is to be now, and says so. `changed` names the fields, tags too, which the caller has written. */
export async function changeCustomer(
  tx: Tx,
  before: CustomerRow,
  values: Partial<Profile & Pick<CustomerRow, 'note' | 'metadata'>>,
  changed: Changed,
): Promise<CustomerRow> {
  const { id } = before;
  const { firstName, lastName } = { ...before, ...values };
  const customer = one(
    await tx
      .update(customers)
      .set({ ...values, searchName: searchName(firstName, lastName), updatedAt: sql`now()` })
      .where(own(tx, customers, eq(customers.id, id)))
      .returning(),
  );
  const tags = await tx
    .select({ tag: customerTags.tag })
    .from(customerTags)
    .where(own(tx, customerTags, eq(customerTags.customerId, id)))
    .orderBy(asc(customerTags.tag));
  await emit(tx, customerUpdated({ customerId: id, changed }, { personal: { ...profileOf(customer), tags: tags.map(({ tag }) => tag) } }));
  return customer;
}
