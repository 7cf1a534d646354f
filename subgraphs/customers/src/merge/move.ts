import { toUuid, type CustomerId } from '@storegraph/core';
import { storeOf, type Tx } from '@storegraph/database';
import { sql, type SQL } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import { accounts } from '../account/tables.ts';
import { addresses } from '../address/tables.ts';
import { contactPoints } from '../contact-point/tables.ts';
import { endSessions } from '../session/revoke.ts';
import { sessions } from '../session/tables.ts';
import { customerTags } from '../tag/tables.ts';
import type { Snapshot, StoredRow } from './snapshot.ts';

type Moved = Omit<Snapshot, 'profile'>;

/** Both customers are locked: nobody else adds to either, or takes from them. */
interface Pair {
  readonly survivorId: CustomerId;
  readonly mergedId: CustomerId;
}

/**
 * Hands what the merged customer has to the survivor, and gives it as it was. What is primary on its channel, or a default, stays so only where
 * the survivor has none. An account goes along unless the survivor has one: every address logs in to the survivor's then. Whoever was logged in as the
 * merged customer is so no more.
 */
export async function moveToSurvivor(tx: Tx, { survivorId, mergedId }: Pair, now: Date): Promise<Moved> {
  const store = sql`${toUuid(storeOf(tx))}::uuid`;
  const [survivor, merged] = [sql`${toUuid(survivorId)}::uuid`, sql`${toUuid(mergedId)}::uuid`];
  const isMerged = sql`store_id = ${store} and customer_id = ${merged}`;
  const isSurvivors = sql`own.store_id = ${store} and own.customer_id = ${survivor}`;
  const snapshot = {
    contactPoints: await rowsOf(tx, contactPoints, isMerged),
    addresses: await rowsOf(tx, addresses, isMerged),
    tags: await rowsOf(tx, customerTags, isMerged),
  };
  await tx.execute(sql`
    update ${contactPoints} as mine set customer_id = ${survivor},
      is_primary = is_primary and not exists (select from ${contactPoints} as own where ${isSurvivors} and own.channel = mine.channel and own.is_primary)
    where ${isMerged}`);
  await tx.execute(sql`
    update ${addresses} as mine set customer_id = ${survivor},
      default_billing = default_billing and not exists (select from ${addresses} as own where ${isSurvivors} and own.default_billing),
      default_shipping = default_shipping and not exists (select from ${addresses} as own where ${isSurvivors} and own.default_shipping)
    where ${isMerged}`);
  const newTags = await tx.execute<{ tag: string }>(sql`
    insert into ${customerTags} (store_id, tag, customer_id, created_at) select store_id, tag, ${survivor}, created_at from ${customerTags} where ${isMerged}
    on conflict do nothing returning tag`);
  await tx.execute(sql`delete from ${customerTags} where ${isMerged}`);
  await endSessions(tx, mergedId, 'CUSTOMER_MERGED', now);
  const [account] = await tx.execute<{ id: string }>(sql`
    update ${accounts} set customer_id = ${survivor} where ${isMerged} and not exists (select from ${accounts} as own where ${isSurvivors}) returning id`);
  if (account) await sessionsFollow(tx, account.id, survivorId);
  return { ...snapshot, newTags: newTags.map(({ tag }) => tag).toSorted(), account: account?.id ?? null };
}

/**
 * Gives back what a merge had moved. Rows that the survivor has lost since come back as they were; those that were changed since keep that. A row
 * whose address somebody else has by now fails on its unique key.
 */
export async function moveBack(tx: Tx, { survivorId, mergedId }: Pair, snapshot: Moved, now: Date): Promise<void> {
  const store = sql`${toUuid(storeOf(tx))}::uuid`;
  const [survivor, merged] = [sql`${toUuid(survivorId)}::uuid`, sql`${toUuid(mergedId)}::uuid`];
  const isSurvivors = sql`mine.store_id = ${store} and mine.customer_id = ${survivor}`;
  await tx.execute(sql`
    update ${contactPoints} as mine set customer_id = ${merged}, is_primary = was.is_primary
    from ${stored(contactPoints, snapshot.contactPoints)} as was where ${isSurvivors} and mine.id = was.id`);
  await tx.execute(sql`
    insert into ${contactPoints} select was.* from ${stored(contactPoints, snapshot.contactPoints)} as was
    where not exists (select from ${contactPoints} as mine where mine.store_id = ${store} and mine.id = was.id)`);
  await tx.execute(sql`
    update ${addresses} as mine set customer_id = ${merged}, default_billing = was.default_billing, default_shipping = was.default_shipping
    from ${stored(addresses, snapshot.addresses)} as was where ${isSurvivors} and mine.id = was.id`);
  await tx.execute(sql`
    insert into ${addresses} select was.* from ${stored(addresses, snapshot.addresses)} as was
    where not exists (select from ${addresses} as mine where mine.store_id = ${store} and mine.id = was.id)`);
  await tx.execute(sql`
    delete from ${customerTags} as mine where ${isSurvivors} and tag in (select jsonb_array_elements_text(${json(snapshot.newTags)}))`);
  await tx.execute(sql`insert into ${customerTags} select was.* from ${stored(customerTags, snapshot.tags)} as was on conflict do nothing`);
  if (snapshot.account === null) return;
  const [account] = await tx.execute<{ id: string }>(
    sql`update ${accounts} as mine set customer_id = ${merged} where ${isSurvivors} and mine.id = ${snapshot.account}::uuid returning id`,
  );
  if (!account) return;
  // The survivor had no account but this one, so every log-in of the survivor's came through it.
  await endSessions(tx, survivorId, 'CUSTOMER_MERGED', now);
  await sessionsFollow(tx, account.id, mergedId);
}

const sessionsFollow = (tx: Tx, account: string, customerId: CustomerId) =>
  tx.execute(
    sql`update ${sessions} set customer_id = ${toUuid(customerId)}::uuid where store_id = ${toUuid(storeOf(tx))}::uuid and account_id = ${account}::uuid`,
  );

const json = (value: unknown): SQL => sql`cast(${JSON.stringify(value)}::text as jsonb)`;

const stored = (table: PgTable, rows: readonly StoredRow[]): SQL => sql`jsonb_populate_recordset(null::${table}, ${json(rows)})`;

async function rowsOf(tx: Tx, table: PgTable, condition: SQL): Promise<readonly StoredRow[]> {
  const [found] = await tx.execute<{ rows: StoredRow[] }>(
    sql`select coalesce(jsonb_agg(to_jsonb(own) order by to_jsonb(own)), '[]') as rows from ${table} as own where ${condition}`,
  );
  return found?.rows ?? [];
}
