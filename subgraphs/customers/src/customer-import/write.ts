import { isRefusal, ok, refuse, type CustomerId, type Problem, type Result } from '@storegraph/core';
import { own, type Tx } from '@storegraph/database';
import { and, eq, inArray, or } from 'drizzle-orm';
import { addresses } from '../address/tables.ts';
import { insertAddresses } from '../address/write.ts';
import type { ConsentGiver } from '../consent/write.ts';
import { contactAddress, mostContactPoints, type Channel, type ContactAddress } from '../contact-point/contact-point.ts';
import { contactPoints } from '../contact-point/tables.ts';
import { insertContactPoints } from '../contact-point/write.ts';
import { changeCustomer } from '../customer/change.ts';
import { checkCustomer, createCustomer, type Code, type Input } from '../customer/commands/customer-create.ts';
import { lockCustomer } from '../customer/lock.ts';
import { changedFields, profileOf } from '../customer/profile.ts';
import type { CustomerRow } from '../customer/tables.ts';
import { storeCountry } from '../store/numbers.ts';
import { addTags } from '../tag/write.ts';

export type Outcome = 'created' | 'updated' | 'skipped';
export type RowCode = Code | 'AMBIGUOUS';

/**
 * Makes the customer of a row, or finds the one it is about, by external id, e-mail address or phone number: who is there already is brought up to
 * date or left alone. What a row leaves empty stays as it was; its tags, addresses and contact points are added to those that are there.
 */
export async function writeRow(by: ConsentGiver, tx: Tx, given: unknown, onExisting: 'UPDATE' | 'SKIP'): Promise<Result<Outcome, RowCode>> {
  const checked = checkCustomer(given, by.clock.now());
  if (isRefusal(checked)) return checked;
  const input = checked.value;
  const points = pointsOf(input, input.country ?? (await storeCountry(tx)));
  const known = await customersWith(tx, points);
  if (known.length > 1) return refuse([ambiguous]);
  const [customerId] = known;
  const customer = customerId && (await lockCustomer(tx, customerId));
  if (customer) return ok(onExisting === 'UPDATE' ? await update(tx, customer, input, points) : 'skipped');
  const created = await createCustomer(by, tx, input);
  return isRefusal(created) ? created : ok('created');
}

const ambiguous: Problem<'AMBIGUOUS'> = {
  code: 'AMBIGUOUS',
  message: 'The external id, the e-mail address and the phone number belong to different customers.',
  field: null,
};

function pointsOf(input: Input, country: string | null): ContactAddress[] {
  const given: readonly (readonly [Channel, string | null | undefined])[] = [
    ['EXTERNAL', input.externalId],
    ['EMAIL', input.email],
    ['PHONE', input.phone],
  ];
  return given.flatMap(([channel, text]) => {
    const address = text ? contactAddress(channel, text, { country, source: input.externalSource ?? null }) : undefined;
    return address ? [address] : [];
  });
}

async function customersWith(tx: Tx, points: readonly ContactAddress[]): Promise<CustomerId[]> {
  if (points.length === 0) return [];
  const rows = await tx
    .selectDistinct({ customerId: contactPoints.customerId })
    .from(contactPoints)
    .where(
      own(
        tx,
        contactPoints,
        or(
          ...points.map(({ channel, source, address }) =>
            and(eq(contactPoints.channel, channel), eq(contactPoints.source, source), inArray(contactPoints.address, [address])),
          ),
        ),
      ),
    );
  return rows.map(({ customerId }) => customerId);
}

async function update(tx: Tx, before: CustomerRow, input: Input, points: readonly ContactAddress[]): Promise<Outcome> {
  const has = await tx
    .select({ channel: contactPoints.channel })
    .from(contactPoints)
    .where(own(tx, contactPoints, eq(contactPoints.customerId, before.id)));
  const room = points.slice(0, Math.max(0, mostContactPoints - has.length));
  const added = await insertContactPoints(
    tx,
    before.id,
    room.map((point) => ({ ...point, isPrimary: !has.some(({ channel }) => channel === point.channel) })),
  );
  const placed = await addNew(tx, before.id, input);

  // An empty cell says nothing: only what is given changes.
  const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null));
  const profile = profileOf(given, before);
  const note = input.note ?? before.note;
  const changed = [
    ...changedFields(before, profile),
    ...((await addTags(tx, before.id, input.tags ?? [])) ? (['tags'] as const) : []),
    ...(note === before.note ? [] : (['note'] as const)),
  ];
  if (changed.length > 0) await changeCustomer(tx, before, { ...profile, note }, changed);
  return changed.length > 0 || added.length > 0 || placed ? 'updated' : 'skipped';
}

/** Adds the row's address unless the customer has it. Tells whether it did. */
async function addNew(tx: Tx, customerId: CustomerId, input: Input): Promise<boolean> {
  const there = await tx
    .select()
    .from(addresses)
    .where(own(tx, addresses, eq(addresses.customerId, customerId)));
  const fresh = (input.addresses ?? []).filter(
    ({ line1, postalCode, city, country }) =>
      !there.some((one) => one.line1 === line1 && one.postalCode === postalCode && one.city === city && one.country === country),
  );
  await insertAddresses(tx, customerId, fresh);
  return fresh.length > 0;
}
