import { defineJob } from '@storegraph/jobs';
import { z } from 'zod';
import { dueMessages, sendDue } from './send.ts';

const batch = 200;

/** Sends the messages whose moment has come, each in a transaction of its own: one that fails keeps no other back, and is tried again in a minute. */
export const sendScheduled = defineJob({
  name: 'messaging.send-scheduled',
  data: z.object({}),
  cron: '* * * * *',
  timeoutSeconds: 300,
  handle: async ({ sweep, inStore, clock, log, signal }) => {
    let settled: number;
    do {
      settled = 0;
      for (const due of await sweep((tx) => dueMessages(tx, batch))) {
        if (signal.aborted) return;
        try {
          if (await inStore(due.storeId, (db) => db.write((tx) => sendDue(tx, due, clock.now())))) settled += 1;
        } catch (error) {
          log.error({ error, storeId: due.storeId }, 'A scheduled message could not be sent.');
        }
      }
    } while (settled === batch);
  },
});
