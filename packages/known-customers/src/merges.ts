import { fromUuid, toUuid, type Id } from '@storegraph/core';
import { first, own, owned, storeOf, type Tx } from '@storegraph/database';
import type { customerMerged, EventOf } from '@storegraph/events';
import { eq, sql } from 'drizzle-orm';
import type { Domain } from './domain.ts';
import { lock } from './known.ts';
import { moveAll, moveHome } from './move.ts';

type Merge = EventOf<typeof customerMerged>['payload'];

/** Merges may come in another sequence than they were made in: each moves what is there to whoever that customer is by now. */
export async function follow(domain: Domain, tx: Tx, { mergeId, mergedId, survivorId }: Merge): Promise<void> {
  const { knownCustomers, knownMerges } = domain.tables;
  const fresh = await tx
    .insert(knownMerges)
    .values(owned(tx, { id: mergeId }))
    .onConflictDoNothing()
    .returning({ id: knownMerges.id });
  if (fresh.length === 0) return;
  await lock(domain, tx, [mergedId, survivorId]);
  await tx
    .update(knownCustomers)
    .set({ mergedIntoId: survivorId })
    .where(own(tx, knownCustomers, eq(knownCustomers.id, mergedId)));
  await moveAll(domain, tx, { from: mergedId, to: await currentOf(domain, tx, survivorId) });
}

export async function takeBack(domain: Domain, tx: Tx, { mergeId, mergedId, survivorId }: Merge): Promise<void> {
  const { knownCustomers, knownMerges } = domain.tables;
  const isIt = own(tx, knownMerges, eq(knownMerges.id, mergeId));
  const merge = first(await tx.select().from(knownMerges).where(isIt).for('update'));
  if (!merge || merge.undone) return;
  await lock(domain, tx, [mergedId, survivorId]);
  await tx.update(knownMerges).set({ undone: true }).where(isIt);
  const from = await currentOf(domain, tx, mergedId);
  await tx
    .update(knownCustomers)
    .set({ mergedIntoId: null })
    .where(own(tx, knownCustomers, eq(knownCustomers.id, mergedId)));
  await moveHome(domain, tx, { from, to: mergedId }, await everyIdOf(domain, tx, mergedId));
}

async function currentOf({ name }: Domain, tx: Tx, id: Id<'cus'>): Promise<Id<'cus'>> {
  const rows = await tx.execute<{ id: string }>(
    sql`select ${sql.identifier(name)}.current_customer(${toUuid(storeOf(tx))}::uuid, ${toUuid(id)}::uuid) as id`,
  );
  return fromUuid('cus', first(rows)?.id ?? toUuid(id));
}

/** The customer and all who are that customer by now. */
async function everyIdOf({ tables: { knownCustomers } }: Domain, tx: Tx, id: Id<'cus'>): Promise<Id<'cus'>[]> {
  const store = sql`${toUuid(storeOf(tx))}::uuid`;
  const rows = await tx.execute<{ id: string }>(sql`
    with recursive person (id) as (
      select ${toUuid(id)}::uuid union all select k.id from person join ${knownCustomers} as k on k.store_id = ${store} and k.merged_into_id = person.id
    )
    select id from person`);
  return rows.map((row) => fromUuid('cus', row.id));
}
