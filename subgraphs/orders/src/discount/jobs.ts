import { defineJob } from '@storegraph/jobs';
import { lte, sql } from 'drizzle-orm';
import { z } from 'zod';
import { windowMs } from './shopper.ts';
import { discountGuesses } from './tables.ts';

/** Tries that count no more. */
export const forgetGuesses = defineJob({
  name: 'orders.forget-code-guesses',
  data: z.object({}),
  cron: '47 3 * * *',
  handle: ({ sweep, clock, log }) =>
    sweep(async (tx) => {
      const old = lte(discountGuesses.since, new Date(clock.now().getTime() - windowMs));
      const { count } = await tx.execute(sql`delete from ${discountGuesses} where ${old}`);
      log.info({ count }, 'Old guesses at codes are gone.');
    }),
});
