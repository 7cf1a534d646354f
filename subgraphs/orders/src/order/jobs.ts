import { pruneIdempotencyKeys } from '@storegraph/database';
import { defineJob } from '@storegraph/jobs';
import { z } from 'zod';

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
