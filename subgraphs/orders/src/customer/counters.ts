import type { Tx } from '@storegraph/database';
import type { Move } from '@storegraph/known-customers';
import { sql, type SQL } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import { discountCustomers, discountRedemptions, discounts } from '../discount/tables.ts';

/**
 * The uses of a discount that a customer has made are counted: they go along, and come on top of the other's. Two who were each within the limit
 * may be beyond it as one; the copy of the limit then stands at what has been used.
 */
export function recounted(table: PgTable, update: SQL, { store, from: less, to: more }: Move): SQL {
  if (table !== discountRedemptions) return update;
  return sql`
    with moved as (${update} returning mine.discount_id, mine.released_at), uses as (
      select moved.discount_id, count(*) filter (where released_at is null)::integer as used, min(of.customer_limit) as most
      from moved join ${discounts} as of on of.store_id = ${store} and of.id = moved.discount_id group by moved.discount_id
    ), taken as (
      update ${discountCustomers} as counter set used = counter.used - uses.used, usage_limit = ${limitFor(sql`counter.used - uses.used`)} from uses
      where counter.store_id = ${store} and counter.customer_id = ${less} and counter.discount_id = uses.discount_id
    )
    insert into ${discountCustomers} as counter (store_id, discount_id, customer_id, usage_limit, used)
    select ${store}, uses.discount_id, ${more}, ${limitFor(sql`uses.used`)}, uses.used from uses order by uses.discount_id
    on conflict (store_id, discount_id, customer_id) do update
      set used = counter.used + excluded.used,
        usage_limit = case when excluded.usage_limit is not null then greatest(excluded.usage_limit, counter.used + excluded.used) end`;
}

const limitFor = (used: SQL): SQL => sql`case when uses.most is not null then greatest(uses.most, ${used}) end`;

/** Counters that only a merge had made. */
export async function uncount(tx: Tx, { store, from }: Move): Promise<void> {
  await tx.execute(sql`
    delete from ${discountCustomers} as counter where store_id = ${store} and customer_id = ${from} and used = 0 and not exists (
      select from ${discountRedemptions} as use where use.store_id = ${store} and use.customer_id = ${from} and use.discount_id = counter.discount_id)`);
}
