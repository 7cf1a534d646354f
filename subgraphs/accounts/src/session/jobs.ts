import { pruneIdempotencyKeys } from '@storegraph/database';
import { defineJob } from '@storegraph/jobs';
import { and, eq, isNotNull, lt, or, sql } from 'drizzle-orm';
import { z } from 'zod';
import { knownAddressMs } from './attempt-limit.ts';
import { attempts, refreshTokens, sessions } from './tables.ts';

/**
 * Sessions are kept for a while after their end, so that a user can see them; used refresh tokens until they would lead nowhere anyway. Attempts
 * count for an hour; a log-in says longer than that from which addresses an account is used.
 */
export const prune = defineJob({
  name: 'accounts.prune',
  data: z.object({}),
  cron: '17 3 * * *',
  handle: ({ sweep, log }) =>
    sweep(async (tx) => {
      const ended = await tx
        .delete(sessions)
        .where(lt(sessions.expiresAt, sql`now() - interval '30 days'`))
        .returning({ id: sessions.id });
      await tx.delete(refreshTokens).where(and(isNotNull(refreshTokens.usedAt), lt(refreshTokens.expiresAt, sql`now()`)));
      const isLogIn = and(eq(attempts.purpose, 'LOG_IN'), eq(attempts.outcome, 'SUCCEEDED'));
      const old = lt(attempts.attemptedAt, sql`now() - interval '1 day'`);
      const forgotten = lt(attempts.attemptedAt, sql`now() - ${`${String(knownAddressMs)} milliseconds`}::interval`);
      await tx.delete(attempts).where(or(forgotten, and(old, sql`(${isLogIn}) is not true`)));
      const keys = await pruneIdempotencyKeys(tx);
      log.info({ count: ended.length + keys }, 'Old sessions, attempts and idempotency keys are gone.');
    }),
});
