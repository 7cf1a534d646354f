import { toUuid, type Id } from '@storegraph/core';
import { storeOf, type Tx, uuids } from '@storegraph/database';
import { sql, type SQL } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import { discountCustomers, discountRedemptions, discounts } from '../discount/tables.ts';
import { inFollowingSequence } from './following.ts';
import { customerMoves } from './tables.ts';

interface Move {
  readonly from: Id<'cus'>;
  readonly to: Id<'cus'>;
}

/**
 * Hands everything of one customer to another, one statement for each table, and notes whose each row was at first. Rows that hang on others come after
 * those, so that one that is added to an order meanwhile, which waits for the order, is seen.
 */
export async function moveAll(tx: Tx, move: Move): Promise<void> {
  const { store, from, to } = written(tx, move);
  for (const { name, table, hasId, parents } of await inFollowingSequence(tx)) {
    for (const parent of parents) await tx.execute(followed(tx, move, table, parent));
    if (!hasId || parents.some(({ required }) => required)) continue;
    await tx.execute(sql`
      with moved as (update ${table} set customer_id = ${to} where store_id = ${store} and customer_id = ${from} returning id)
      insert into ${customerMoves} (store_id, relation, row_id, home_id) select ${store}, ${name}, id, ${from} from moved on conflict do nothing`);
  }
}

/** Gives back what a merge had moved and is still where it was moved to. `homes` are the customer and all who are that customer by now. */
export async function moveHome(tx: Tx, move: Move, homes: readonly Id<'cus'>[]): Promise<void> {
  const { store, from, to } = written(tx, move);
  for (const { name, table, hasId, parents } of await inFollowingSequence(tx)) {
    for (const parent of parents) await tx.execute(followed(tx, move, table, parent));
    if (!hasId || parents.some(({ required }) => required)) continue;
    await tx.execute(sql`
      update ${table} as mine set customer_id = ${to} from ${customerMoves} as moved
      where mine.store_id = ${store} and mine.customer_id = ${from}
        and moved.store_id = ${store} and moved.relation = ${name} and moved.row_id = mine.id and moved.home_id = any(${uuids(homes)})`);
  }
  await tx.execute(sql`delete from ${customerMoves} where store_id = ${store} and home_id = ${to}`);
  // Counters that only the merge had made.
  await tx.execute(sql`
    delete from ${discountCustomers} as counter where store_id = ${store} and customer_id = ${from} and used = 0 and not exists (
      select from ${discountRedemptions} as use where use.store_id = ${store} and use.customer_id = ${from} and use.discount_id = counter.discount_id)`);
}

const written = (tx: Tx, { from, to }: Move) => ({
  store: sql`${toUuid(storeOf(tx))}::uuid`,
  from: sql`${toUuid(from)}::uuid`,
  to: sql`${toUuid(to)}::uuid`,
});

interface Parent {
  readonly table: PgTable;
  readonly column: string;
}

/** Rows go with what they hang on. */
function followed(tx: Tx, move: Move, table: PgTable, parent: Parent): SQL {
  const { store, from, to } = written(tx, move);
  const update = sql`
    update ${table} as mine set customer_id = ${to} from ${parent.table} as theirs
    where mine.store_id = ${store} and mine.customer_id = ${from} and theirs.store_id = ${store} and theirs.customer_id = ${to}
      and theirs.id = mine.${sql.identifier(parent.column)}`;
  return table === discountRedemptions ? recounted(update, move, store) : update;
}

/**
 * The uses of a discount that a customer has made are counted: they go along, and come on top of the other's. Two who were each within the limit
 * may be beyond it as one; the copy of the limit then stands at what has been used.
 */
function recounted(update: SQL, { from, to }: Move, store: SQL): SQL {
  const [less, more] = [sql`${toUuid(from)}::uuid`, sql`${toUuid(to)}::uuid`];
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
