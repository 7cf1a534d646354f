import { fromUuid, type Id, type StoreId } from '@storegraph/core';
import { first, own, type Tx } from '@storegraph/database';
import { defineJob } from '@storegraph/jobs';
import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { record } from './change.ts';
import { systemPerson } from './person.ts';
import { backOpen } from './reopen.ts';
import { conversations } from './tables.ts';

const batch = 200;

// As the index says it.
const isDue = and(eq(conversations.status, sql`'SNOOZED'`), sql`${conversations.snoozedUntil} <= now()`);

/** Brings back the conversations whose time to sleep is over, by the database's clock, each in a transaction of its own. */
export const wakeSnoozed = defineJob({
  name: 'messaging.wake-snoozed',
  data: z.object({}),
  cron: '* * * * *',
  timeoutSeconds: 300,
  handle: async ({ sweep, inStore, clock, log, signal }) => {
    let woken: number;
    do {
      woken = 0;
      for (const { storeId, id } of await sweep(dueConversations)) {
        if (signal.aborted) return;
        try {
          if (await inStore(storeId, (db) => db.write((tx) => wake(tx, id, clock.now())))) woken += 1;
        } catch (error) {
          log.error({ error, storeId }, 'A conversation could not be woken.');
        }
      }
    } while (woken === batch);
  },
});

async function dueConversations(tx: Tx): Promise<{ storeId: StoreId; id: Id<'cnv'> }[]> {
  const rows = await tx.execute<{ store: string; id: string }>(sql`
    select store_id::text as store, id::text as id from ${conversations} where ${isDue} order by ${conversations.snoozedUntil} limit ${batch}`);
  return rows.map(({ store, id }) => ({ storeId: fromUuid('sto', store), id: fromUuid('cnv', id) }));
}

/** False when it sleeps no more, or somebody has it in hand. */
async function wake(tx: Tx, id: Id<'cnv'>, at: Date): Promise<boolean> {
  const due = first(
    await tx
      .select()
      .from(conversations)
      .where(own(tx, conversations, eq(conversations.id, id), isDue))
      .for('no key update', { skipLocked: true }),
  );
  if (!due) return false;
  await record(tx, due, { ...backOpen(due, systemPerson), by: systemPerson, at });
  return true;
}
