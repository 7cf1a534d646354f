import { fromUuid, toUuid, type CustomerId } from '@storegraph/core';
import { storeOf, uuids, type Tx } from '@storegraph/database';
import { isNull, sql, type SQL } from 'drizzle-orm';
import { customers } from '../customer/tables.ts';

/** Customers who are there as such: neither merged into another one nor erased. */
export const isStanding = (): SQL => sql`${isNull(customers.mergedIntoId)} and ${isNull(customers.erasedAt)}`;

/** For customers who have been merged, who they are now: a merge of merges leads to its end. One statement; whoever is not merged is not in the answer. */
export async function survivors(tx: Tx, ids: readonly CustomerId[]): Promise<Map<CustomerId, CustomerId>> {
  if (ids.length === 0) return new Map();
  const store = sql`${toUuid(storeOf(tx))}::uuid`;
  const rows = await tx.execute<{ start: string; id: string }>(sql`
    with recursive way (start, id) as (
      select id, merged_into_id from ${customers} where store_id = ${store} and id = any(${uuids(ids)}) and merged_into_id is not null
      union all
      select way.start, next.merged_into_id from way join ${customers} as next on next.store_id = ${store} and next.id = way.id
      where next.merged_into_id is not null
    )
    select way.start, way.id from way join ${customers} as last on last.store_id = ${store} and last.id = way.id where last.merged_into_id is null`);
  return new Map(rows.map(({ start, id }) => [fromUuid('cus', start), fromUuid('cus', id)]));
}

/** Every id by which this customer was ever known and still is: its own first, then those of all who were merged into it, merges of merges included. */
export async function everyIdOf(tx: Tx, id: CustomerId): Promise<CustomerId[]> {
  const store = sql`${toUuid(storeOf(tx))}::uuid`;
  const rows = await tx.execute<{ id: string }>(sql`
    with recursive person (id) as (
      select ${toUuid(id)}::uuid
      union all
      select c.id from person join ${customers} as c on c.store_id = ${store} and c.merged_into_id = person.id
    )
    select id from person`);
  return rows.map((row) => fromUuid('cus', row.id));
}
