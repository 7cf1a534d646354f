import { pruneIdempotencyKeys } from '@storegraph/database';
import { defineJob } from '@storegraph/jobs';
import { z } from 'zod';
import { dueOrders, expireOrder, type DueOrder } from './expire.ts';

/** Answers are kept under their idempotency keys for 30 days. */
export const prune = defineJob({
  name: 'orders.prune',
  data: z.object({}),
  cron: '37 3 * * *',
  handle: ({ sweep, log }) =>
    sweep(async (tx) => {
      log.info({ count: await pruneIdempotencyKeys(tx) }, 'Old idempotency keys are gone.');
    }),
});

const batch = 200;

/**
 * Gives up the orders that were not paid in time. Each in a transaction of its own: its locks are held for a moment, one that fails keeps no other
 * from expiring, and a process that dies has done what it has done.
 */
export const expireUnpaid = defineJob({
  name: 'orders.expire-unpaid',
  data: z.object({}),
  cron: '* * * * *',
  timeoutSeconds: 300,
  handle: async ({ sweep, inStore, log, signal }) => {
    let expired = 0;
    let due: readonly DueOrder[] = [];
    do {
      const last = due.at(-1);
      due = await sweep((tx) => dueOrders(tx, batch, last));
      for (const [storeId, theirs] of Map.groupBy(due, (order) => order.storeId)) {
        await inStore(storeId, async (db) => {
          for (const { id } of theirs) {
            if (signal.aborted) return;
            try {
              if (await db.write((tx) => expireOrder(tx, id))) expired += 1;
            } catch (error) {
              log.error({ error, storeId }, 'An order could not be expired.');
            }
          }
        });
      }
    } while (due.length === batch && !signal.aborted);
    if (expired > 0) log.info({ count: expired }, 'Orders that were not paid in time have expired.');
  },
});
