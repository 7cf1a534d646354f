import { decodeJson, encodeJson, type CustomerId } from '@storegraph/core';
import { ascending, keyset, own, type Tx } from '@storegraph/database';
import type { Cell, DownloadPlace, ExportSource } from '@storegraph/exports';
import { orThrow } from '@storegraph/subgraph';
import { and, asc, desc, inArray } from 'drizzle-orm';
import { addresses, type AddressRow } from '../address/tables.ts';
import { primaryAddress } from '../contact-point/loaders.ts';
import { contactPoints, type ContactPointRow } from '../contact-point/tables.ts';
import { meeting, type CustomerFilter } from '../customer/filter.ts';
import { customers, type CustomerRow } from '../customer/tables.ts';
import { customerTags } from '../tag/tables.ts';

export const exportKind = 'customers';
export const exportPlace: DownloadPlace = { domain: 'customers', path: '/exports/:token' };

const perBatch = 250;

/** The filter as it is kept with an export, and as it was: instants survive. */
export const keptFilter = (filter: CustomerFilter): unknown => JSON.parse(encodeJson(filter));
const filterOf = (kept: unknown): CustomerFilter => decodeJson(JSON.stringify(kept)) as CustomerFilter;

interface Whole {
  readonly customer: CustomerRow;
  readonly points: readonly ContactPointRow[];
  readonly address: AddressRow | undefined;
  readonly tags: readonly string[];
}

/** By the names that the import reads as well, so that a file that was written here can be changed and read again. */
const columns: readonly (readonly [name: string, cell: (whole: Whole) => Cell])[] = [
  ['number', ({ customer }) => customer.number],
  ['external_id', ({ points }) => primaryOf(points, 'EXTERNAL')?.address],
  ['external_source', ({ points }) => primaryOf(points, 'EXTERNAL')?.source],
  ['first_name', ({ customer }) => customer.firstName],
  ['last_name', ({ customer }) => customer.lastName],
  ['email', ({ points }) => primaryAddress(points, 'EMAIL')],
  ['phone', ({ points }) => primaryAddress(points, 'PHONE')],
  ['language', ({ customer }) => customer.language],
  ['timezone', ({ customer }) => customer.timezone],
  ['birth_date', ({ customer }) => customer.birthDate],
  ['gender', ({ customer }) => customer.gender],
  ['country', ({ customer }) => customer.country],
  ['tags', ({ tags }) => tags.join(';')],
  ['note', ({ customer }) => customer.note],
  ['address_line1', ({ address }) => address?.line1],
  ['address_line2', ({ address }) => address?.line2],
  ['address_city', ({ address }) => address?.city],
  ['address_region', ({ address }) => address?.region],
  ['address_postal_code', ({ address }) => address?.postalCode],
  ['address_country', ({ address }) => address?.country],
  ['status', ({ customer }) => customer.status],
  ['created_at', ({ customer }) => customer.createdAt],
];

const primaryOf = (points: readonly ContactPointRow[], channel: ContactPointRow['channel']) =>
  points.find((point) => point.channel === channel && point.isPrimary);

/** Customers by their numbers, a row for each. */
export const customerExport: ExportSource = {
  header: columns.map(([name]) => name),
  count: (tx, kept) => tx.$count(customers, own(tx, customers, meeting(tx, filterOf(kept)))),
  async batch(tx, kept, cursor) {
    const part = orThrow(
      keyset(
        { first: perBatch, after: cursor },
        { table: customers, sort: [ascending(customers.number)], id: customers.id },
        { max: perBatch },
      ),
    );
    const found = await tx
      .select()
      .from(customers)
      .where(own(tx, customers, meeting(tx, filterOf(kept)), part.where))
      .orderBy(...part.orderBy)
      .limit(part.limit);
    const { nodes, pageInfo } = part.connection(found, () => Promise.resolve(0));
    const rows = (await wholes(tx, nodes)).map((whole) => columns.map(([, cell]) => cell(whole)));
    return { things: nodes.length, rows, next: pageInfo.hasNextPage ? pageInfo.endCursor : null };
  },
};

/** The customers with what the file says of them, in three statements however many they are. */
async function wholes(tx: Tx, list: readonly CustomerRow[]): Promise<Whole[]> {
  const ids: CustomerId[] = list.map(({ id }) => id);
  const points = Map.groupBy(
    await tx
      .select()
      .from(contactPoints)
      .where(own(tx, contactPoints, and(inArray(contactPoints.customerId, ids), contactPoints.isPrimary))),
    ({ customerId }) => customerId,
  );
  const places = Map.groupBy(
    await tx
      .select()
      .from(addresses)
      .where(own(tx, addresses, inArray(addresses.customerId, ids)))
      .orderBy(desc(addresses.defaultShipping), asc(addresses.createdAt), asc(addresses.id)),
    ({ customerId }) => customerId,
  );
  const tags = Map.groupBy(
    await tx
      .select({ customerId: customerTags.customerId, tag: customerTags.tag })
      .from(customerTags)
      .where(own(tx, customerTags, inArray(customerTags.customerId, ids)))
      .orderBy(asc(customerTags.tag)),
    ({ customerId }) => customerId,
  );
  return list.map((customer) => ({
    customer,
    points: points.get(customer.id) ?? [],
    address: places.get(customer.id)?.[0],
    tags: (tags.get(customer.id) ?? []).map(({ tag }) => tag),
  }));
}
