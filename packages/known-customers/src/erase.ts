import { fromUuid, toUuid, type Id } from '@storegraph/core';
import { own, owned, storeOf, type Tx, uuids } from '@storegraph/database';
import { emit, erasePersonal, personalDataErased, type customerErased, type EventOf } from '@storegraph/events';
import { inArray, sql, type SQL } from 'drizzle-orm';
import type { Count, Domain } from './domain.ts';
import { lock } from './known.ts';
import { inFollowingSequence, type CustomerTable } from './sequence.ts';

type Erasure = EventOf<typeof customerErased>['payload'];

/**
 * Blanks what is personal in everything of a customer, under each of its ids, and keeps amounts, lines and ledgers. Answers with what was done, the first
 * time: once more in a replay it blanks what may have come since.
 */
export async function eraseCustomer(domain: Domain, tx: Tx, { erasureId, customerId, customerIds }: Erasure, at: Date): Promise<void> {
  // Whoever is writing something of theirs is waited for, and nobody does so after.
  const { knownCustomers, customerErasures } = domain.tables;
  await lock(domain, tx, customerIds);
  await tx
    .update(knownCustomers)
    .set({ erasedAt: at })
    .where(own(tx, knownCustomers, inArray(knownCustomers.id, [...customerIds])));
  const person = uuids(customerIds);
  const tables = await inFollowingSequence(domain.name, tx);
  // Files made from it are gone before what would be looked for in them is.
  const files = await domain.dropFiles?.(tx);
  const answers = await forgetAnswers(domain, tx, person);
  const erased: Count[] = [];
  const kept: (Count & { readonly reason: 'TAX_RECORDS' | 'LEDGER' | 'AUDIT' })[] = [];
  const subjects: Id[] = [...customerIds];
  for (const relation of tables) {
    const { blanked, stays } = await blank(domain, tx, relation, person);
    erased.push({ what: relation.name, count: blanked });
    const reason = domain.treatments[relation.name]?.keep;
    if (reason) kept.push({ what: relation.name, count: stays, reason });
    subjects.push(...(await rootsOf(domain, tx, relation, person)));
  }
  const events = await erasePersonal(tx, ...subjects);
  erased.push(...(files ? [files] : []), { what: 'idempotency_keys', count: answers }, { what: 'events', count: events });

  const first = await tx
    .insert(customerErasures)
    .values(owned(tx, { id: erasureId }))
    .onConflictDoNothing()
    .returning({ id: customerErasures.id });
  if (first.length === 0) return;
  const some = <C extends Count>(counts: readonly C[]) => counts.filter(({ count }) => count > 0);
  await emit(
    tx,
    personalDataErased({ requestId: erasureId, subject: customerId, domain: domain.name, erased: some(erased), kept: some(kept) }),
  );
}

async function blank(
  { treatments }: Domain,
  tx: Tx,
  { name, table }: CustomerTable,
  person: SQL,
): Promise<{ blanked: number; stays: number }> {
  const treatment = treatments[name];
  if (!treatment) throw new Error(`Nobody has said what is personal in ${name}`);
  const theirs = sql`store_id = ${toUuid(storeOf(tx))}::uuid and customer_id = any(${person})`;
  const columns = Object.entries(treatment.blank);
  const changes = columns.map(([column, value]) => sql`${sql.identifier(column)} = ${value}`);
  const personal = columns.map(([column, value]) => sql`${sql.identifier(column)} is distinct from ${value}`);
  const blanked =
    columns.length === 0
      ? 0
      : (await tx.execute(sql`update ${table} set ${sql.join(changes, sql`, `)} where ${theirs} and (${sql.join(personal, sql` or `)})`))
          .count;
  const [row] = await tx.execute<{ count: number }>(sql`select count(*)::integer as count from ${table} where ${theirs}`);
  return { blanked, stays: row?.count ?? 0 };
}

async function rootsOf({ subjects }: Domain, tx: Tx, { name, table }: CustomerTable, person: SQL): Promise<Id[]> {
  const prefix = subjects[name];
  if (!prefix) return [];
  const rows = await tx.execute<{ id: string }>(
    sql`select id from ${table} where store_id = ${toUuid(storeOf(tx))}::uuid and customer_id = any(${person})`,
  );
  return rows.map(({ id }) => fromUuid(prefix, id));
}

/** Answers under the person's own keys. Those to others hold ids, and nothing of a person. */
async function forgetAnswers({ name }: Domain, tx: Tx, person: SQL): Promise<number> {
  const forgotten = await tx.execute(
    sql`delete from ${sql.identifier(name)}.idempotency_keys where store_id = ${toUuid(storeOf(tx))}::uuid and subject = any(${person})`,
  );
  return forgotten.count;
}
