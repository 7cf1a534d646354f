import { fromUuid } from '@storegraph/core';
import type { Tx } from '@storegraph/database';
import { defineJob, enqueue } from '@storegraph/jobs';
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { deliverEmail } from './deliver.ts';
import { emailLogs, platformEmailLogs } from './tables.ts';

const batch = 500;

/** Takes up again the mails that have waited for a server, and those whose job was given up. */
export const resumeEmails = defineJob({
  name: 'messaging.resume-emails',
  data: z.object({}),
  cron: '*/5 * * * *',
  handle: async ({ db, sweep, inStore, clock, log }) => {
    const due = new Date(clock.now().getTime() - 60_000);
    const late = await sweep((tx) => lateOf(tx, sql`store_id::text as store`, sql`${emailLogs}`, due));
    const byStore = Map.groupBy(late, ({ store }) => store);
    for (const [store, emails] of byStore) await inStore(fromUuid('sto', store), (theirs) => theirs.write((tx) => resume(tx, emails)));
    const platform = await db.write(async (tx) => {
      const emails = await lateOf(tx, sql`'' as store`, sql`${platformEmailLogs}`, due);
      await resume(tx, emails);
      return emails;
    });
    log.info({ count: late.length + platform.length }, 'Mails that had waited are taken up again.');
  },
});

type Late = { id: string; store: string };

const lateOf = (tx: Tx, store: ReturnType<typeof sql>, table: ReturnType<typeof sql>, due: Date) =>
  tx.execute<Late>(
    sql`select id::text as id, ${store} from ${table} where next_attempt_at < ${due.toISOString()}::timestamptz order by next_attempt_at limit ${batch}`,
  );

async function resume(tx: Tx, emails: readonly Late[]): Promise<void> {
  for (const { id } of emails) {
    const emailId = fromUuid('eml', id);
    await enqueue(tx, deliverEmail, { emailId }, { singletonKey: emailId });
  }
}
