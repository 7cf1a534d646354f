import { newId, type CustomerId } from '@storegraph/core';
import { own, owned, type Tx } from '@storegraph/database';
import { customerAddressAdded, emit } from '@storegraph/events';
import { and, eq, ne, or } from 'drizzle-orm';
import type { AddressValues } from './address.ts';
import { addresses, type AddressRow } from './tables.ts';

/** Adds addresses to a customer whom this transaction has made or locked. At most one of them, and of those there, is a default of each kind. */
export async function insertAddresses(tx: Tx, customerId: CustomerId, values: readonly AddressValues[]): Promise<AddressRow[]> {
  if (values.length === 0) return [];
  const rows = await tx
    .insert(addresses)
    .values(values.map((address) => owned(tx, { id: newId('adr'), customerId, ...address })))
    .returning();
  await emit(tx, ...rows.map((row) => customerAddressAdded(addressFacts(row), { personal: addressPersonal(row) })));
  return rows;
}

/** Takes the defaults that `claims` asks for from the customer's other addresses. */
export async function releaseDefaults(
  tx: Tx,
  customerId: CustomerId,
  claims: { readonly defaultBilling: boolean; readonly defaultShipping: boolean },
  except?: AddressRow['id'],
): Promise<void> {
  const others = and(eq(addresses.customerId, customerId), except ? ne(addresses.id, except) : undefined);
  const { defaultBilling, defaultShipping } = claims;
  if (!defaultBilling && !defaultShipping) return;
  await tx
    .update(addresses)
    .set({ ...(defaultBilling ? { defaultBilling: false } : {}), ...(defaultShipping ? { defaultShipping: false } : {}) })
    .where(
      own(
        tx,
        addresses,
        others,
        or(defaultBilling ? addresses.defaultBilling : undefined, defaultShipping ? addresses.defaultShipping : undefined),
      ),
    );
}

export const addressFacts = ({ customerId, id, country, defaultBilling, defaultShipping }: AddressRow) => ({
  customerId,
  addressId: id,
  country,
  defaultBilling,
  defaultShipping,
});

export const addressPersonal = (row: AddressRow) => ({
  label: row.label,
  firstName: row.firstName,
  lastName: row.lastName,
  company: row.company,
  line1: row.line1,
  line2: row.line2,
  city: row.city,
  region: row.region,
  postalCode: row.postalCode,
  phone: row.phone,
});
