import { fromUuid, toUuid, type Id } from '@storegraph/core';
import { first, own, owned, storeOf, type Tx } from '@storegraph/database';
import { customerErased, customerMerged, customerMergeUndone, defineReaction, type EventOf } from '@storegraph/events';
import { eq, sql } from 'drizzle-orm';
import { eraseCustomer } from './erase.ts';
import { lockKnown } from './known.ts';
import { moveAll, moveHome } from './move.ts';
import { knownCustomers, knownMerges } from './tables.ts';

/** Who customers are by now. One consumer for all three: what is told of one survivor has to be heard in its sequence. */
export const followCustomers = defineReaction({
  name: 'orders.follow-customers',
  kind: 'projection',
  on: [customerMerged, customerMergeUndone, customerErased],
  handle: async (tx, event) => {
    if (event.type === 'customer.merged') return follow(tx, event.payload);
    if (event.type === 'customer.mergeUndone') return takeBack(tx, event.payload);
    await eraseCustomer(tx, event.payload, event.occurredAt);
  },
});

type Merge = EventOf<typeof customerMerged>['payload'];

/** Merges may come in another sequence than they were made in: each moves what is there to whoever that customer is by now. */
async function follow(tx: Tx, { mergeId, mergedId, survivorId }: Merge): Promise<void> {
  const fresh = await tx
    .insert(knownMerges)
    .values(owned(tx, { id: mergeId }))
    .onConflictDoNothing()
    .returning({ id: knownMerges.id });
  if (fresh.length === 0) return;
  await lockKnown(tx, [mergedId, survivorId]);
  await tx
    .update(knownCustomers)
    .set({ mergedIntoId: survivorId })
    .where(own(tx, knownCustomers, eq(knownCustomers.id, mergedId)));
  await moveAll(tx, { from: mergedId, to: await currentOf(tx, survivorId) });
}

async function takeBack(tx: Tx, { mergeId, mergedId, survivorId }: Merge): Promise<void> {
  const isIt = own(tx, knownMerges, eq(knownMerges.id, mergeId));
  const merge = first(await tx.select().from(knownMerges).where(isIt).for('update'));
  if (!merge || merge.undone) return;
  await lockKnown(tx, [mergedId, survivorId]);
  await tx.update(knownMerges).set({ undone: true }).where(isIt);
  const from = await currentOf(tx, mergedId);
  await tx
    .update(knownCustomers)
    .set({ mergedIntoId: null })
    .where(own(tx, knownCustomers, eq(knownCustomers.id, mergedId)));
  await moveHome(tx, { from, to: mergedId }, await everyIdOf(tx, mergedId));
}

async function currentOf(tx: Tx, id: Id<'cus'>): Promise<Id<'cus'>> {
  const rows = await tx.execute<{ id: string }>(
    sql`select orders.current_customer(${toUuid(storeOf(tx))}::uuid, ${toUuid(id)}::uuid) as id`,
  );
  return fromUuid('cus', first(rows)?.id ?? toUuid(id));
}

/** The customer and all who are that customer by now. */
async function everyIdOf(tx: Tx, id: Id<'cus'>): Promise<Id<'cus'>[]> {
  const store = sql`${toUuid(storeOf(tx))}::uuid`;
  const rows = await tx.execute<{ id: string }>(sql`
    with recursive person (id) as (
      select ${toUuid(id)}::uuid union all select k.id from person join ${knownCustomers} as k on k.store_id = ${store} and k.merged_into_id = person.id
    )
    select id from person`);
  return rows.map((row) => fromUuid('cus', row.id));
}
