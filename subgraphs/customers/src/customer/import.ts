import { isCountry, newId, toUuid, type CustomerId } from '@storegraph/core';
import { own, storeOf, type Tx } from '@storegraph/database';
import { customerContactPointAdded, customerCreated, emit } from '@storegraph/events';
import { and, eq, sql } from 'drizzle-orm';
import { contactAddress, type ContactAddress } from '../contact-point/contact-point.ts';
import { contactPoints } from '../contact-point/tables.ts';
import { takeNumbers } from '../store/numbers.ts';
import { profileOf } from './profile.ts';
import { customers } from './tables.ts';

/** A customer as another system knows it. */
export interface ImportedCustomer {
  readonly externalId: string;
  /** ISO 3166-1 alpha-2; what is none is taken as unknown. */
  readonly countryCode?: string | null;
  /** When that system saw the customer first: becomes `createdAt`. */
  readonly firstSeenAt?: Date | null;
}

export interface ImportedCustomers {
  /** The customer of each external id that was given. What can not be an id (blank, longer than 200, control characters) is not in it. */
  readonly ids: ReadonlyMap<string, CustomerId>;
  /** How many were not there before. */
  readonly created: number;
}

/**
 * Makes the customers that the store does not know by their external id yet, and finds those that it does, which stay as they are. Running it
 * again changes nothing; two imports at once take turns. A few statements whatever the number of rows: some thousands are a good batch.
 * `source` names the system that the ids come from, where a store has several. The events' origin is the transaction's.
 */
export async function importCustomers(
  tx: Tx,
  rows: readonly ImportedCustomer[],
  { source = null }: { readonly source?: string | null } = {},
): Promise<ImportedCustomers> {
  const drafts = draftsOf(rows, source);
  if (drafts.size === 0) return { ids: new Map(), created: 0 };
  const created = await insertMissing(tx, [...drafts.values()]);
  const known = await idsByAddress(tx, source, [...drafts.keys()]);
  const ids = new Map<string, CustomerId>();
  for (const { externalId } of rows) {
    const id = known.get(contactAddress('EXTERNAL', externalId)?.address ?? '');
    if (id) ids.set(externalId, id);
  }
  return { ids, created };
}

interface Draft {
  readonly customerId: CustomerId;
  readonly contactPointId: `cpt_${string}`;
  readonly contact: ContactAddress;
  country: string | null;
  firstSeenAt: Date | null;
}

/** One draft per external id, from all of its rows: the first country that one names, the earliest day. */
function draftsOf(rows: readonly ImportedCustomer[], source: string | null): Map<string, Draft> {
  const drafts = new Map<string, Draft>();
  for (const { externalId, countryCode = null, firstSeenAt = null } of rows) {
    const contact = contactAddress('EXTERNAL', externalId, { source });
    if (!contact) continue;
    const draft = drafts.get(contact.address) ?? {
      customerId: newId('cus'),
      contactPointId: newId('cpt'),
      contact,
      country: null,
      firstSeenAt: null,
    };
    drafts.set(contact.address, draft);
    draft.country ??= countryCode !== null && isCountry(countryCode) ? countryCode : null;
    if (firstSeenAt && (!draft.firstSeenAt || firstSeenAt < draft.firstSeenAt)) draft.firstSeenAt = firstSeenAt;
  }
  return drafts;
}

/** One statement makes contact points and customers: whose address is there already, or comes first from elsewhere, is not made. */
async function insertMissing(tx: Tx, drafts: readonly Draft[]): Promise<number> {
  const { lastNumber } = await takeNumbers(tx, 0);
  const store = toUuid(storeOf(tx));
  const input = JSON.stringify(
    drafts.toSorted(bySeniority).map(({ customerId, contactPointId, contact, country, firstSeenAt }, position) => ({
      position,
      customer_id: toUuid(customerId),
      contact_point_id: toUuid(contactPointId),
      source: contact.source,
      address: contact.address,
      display: contact.display,
      search_key: contact.searchKey,
      country,
      first_seen: firstSeenAt,
    })),
  );
  const made = await tx.execute<{ id: string; number: number }>(sql`
    with input as (
      select * from jsonb_to_recordset(cast(${input}::text as jsonb)) as input (position integer, customer_id uuid, contact_point_id uuid,
        source text, address text, display text, search_key text, country text, first_seen timestamptz)
    ), won as (
      insert into ${contactPoints} (store_id, id, customer_id, channel, source, address, display, search_key, is_primary)
      select ${store}::uuid, contact_point_id, customer_id, 'EXTERNAL', source, address, display, search_key, true from input order by address
      on conflict (store_id, channel, source, address) do nothing
      returning customer_id
    )
    insert into ${customers} (store_id, id, number, country, created_at)
    select ${store}::uuid, customer_id, ${lastNumber}::integer + row_number() over (order by position), country, coalesce(first_seen, now())
    from input join won using (customer_id)
    returning id, number`);
  if (made.length === 0) return 0;
  await takeNumbers(tx, made.length);
  await emitMade(tx, drafts, new Map([...made].map(({ id, number }) => [id, number])));
  return made.length;
}

async function emitMade(tx: Tx, drafts: readonly Draft[], numbers: ReadonlyMap<string, number>): Promise<void> {
  const events = drafts.flatMap(({ customerId, contactPointId, contact, country, firstSeenAt }) => {
    const number = numbers.get(toUuid(customerId));
    if (number === undefined) return [];
    const when = firstSeenAt ? { occurredAt: firstSeenAt } : {};
    const { channel, source, address, display } = contact;
    return [
      customerCreated({ customerId, number, status: 'ACTIVE' }, { personal: { ...profileOf({ country }), tags: [] }, ...when }),
      customerContactPointAdded(
        { customerId, contactPointId, channel, primary: true, verified: false },
        { personal: { source, address, display }, ...when },
      ),
    ];
  });
  await emit(tx, ...events);
}

async function idsByAddress(tx: Tx, source: string | null, addresses: readonly string[]): Promise<Map<string, CustomerId>> {
  const rows = await tx
    .select({ address: contactPoints.address, customerId: contactPoints.customerId })
    .from(contactPoints)
    .where(
      own(
        tx,
        contactPoints,
        and(
          eq(contactPoints.channel, 'EXTERNAL'),
          eq(contactPoints.source, source ?? ''),
          sql`${contactPoints.address} in (select jsonb_array_elements_text(cast(${JSON.stringify(addresses)}::text as jsonb)))`,
        ),
      ),
    );
  return new Map(rows.map(({ address, customerId }) => [address, customerId]));
}

/** Who came first gets the lower number, and equal files give equal numbers. */
function bySeniority(a: Draft, b: Draft): number {
  const [first, second] = [a.firstSeenAt?.getTime() ?? Infinity, b.firstSeenAt?.getTime() ?? Infinity];
  if (first !== second) return first < second ? -1 : 1;
  return a.contact.address < b.contact.address ? -1 : 1;
}
