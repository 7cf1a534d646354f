import { toUuid, type Id } from '@storegraph/core';
import { storeOf, uuids, type Tx } from '@storegraph/database';
import { sql, type SQL } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import type { Domain, Move } from './domain.ts';
import { inFollowingSequence, type Parent } from './sequence.ts';

interface Pair {
  readonly from: Id<'cus'>;
  readonly to: Id<'cus'>;
}

/**
 * Hands everything of one customer to another, one statement for each table, and notes whose each row was at first. Rows that hang on others come after
 * those, so that one that is added to its parent meanwhile, which waits for the parent, is seen.
 */
export async function moveAll(domain: Domain, tx: Tx, pair: Pair): Promise<void> {
  const move = written(tx, pair);
  const { store, from, to } = move;
  for (const { name, table, hasId, parents } of await inFollowingSequence(domain.name, tx)) {
    for (const parent of parents) await tx.execute(followed(domain, move, table, parent));
    if (!hasId || parents.some(({ required }) => required)) continue;
    await tx.execute(sql`
      with moved as (update ${table} set customer_id = ${to} where store_id = ${store} and customer_id = ${from} returning id)
      insert into ${domain.tables.customerMoves} (store_id, relation, row_id, home_id) select ${store}, ${name}, id, ${from} from moved on conflict do nothing`);
  }
}

/** Gives back what a merge had moved and is still where it was moved to. `homes` are the customer and all who are that customer by now. */
export async function moveHome(domain: Domain, tx: Tx, pair: Pair, homes: readonly Id<'cus'>[]): Promise<void> {
  const move = written(tx, pair);
  const { store, from, to } = move;
  const { customerMoves } = domain.tables;
  for (const { name, table, hasId, parents } of await inFollowingSequence(domain.name, tx)) {
    for (const parent of parents) await tx.execute(followed(domain, move, table, parent));
    if (!hasId || parents.some(({ required }) => required)) continue;
    await tx.execute(sql`
      update ${table} as mine set customer_id = ${to} from ${customerMoves} as moved
      where mine.store_id = ${store} and mine.customer_id = ${from}
        and moved.store_id = ${store} and moved.relation = ${name} and moved.row_id = mine.id and moved.home_id = any(${uuids(homes)})`);
  }
  await tx.execute(sql`delete from ${customerMoves} where store_id = ${store} and home_id = ${to}`);
  await domain.uncount?.(tx, move);
}

const written = (tx: Tx, { from, to }: Pair): Move => ({
  store: sql`${toUuid(storeOf(tx))}::uuid`,
  from: sql`${toUuid(from)}::uuid`,
  to: sql`${toUuid(to)}::uuid`,
});

/** Rows go with what they hang on. */
function followed({ counted }: Domain, move: Move, table: PgTable, parent: Parent): SQL {
  const { store, from, to } = move;
  const update = sql`
    update ${table} as mine set customer_id = ${to} from ${parent.table} as theirs
    where mine.store_id = ${store} and mine.customer_id = ${from} and theirs.store_id = ${store} and theirs.customer_id = ${to}
      and theirs.id = mine.${sql.identifier(parent.column)}`;
  return counted ? counted(table, update, move) : update;
}
