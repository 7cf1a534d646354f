import { knownAddressMs } from '@storegraph/auth';
import { pruneIdempotencyKeys } from '@storegraph/database';
import { defineJob } from '@storegraph/jobs';
import { and, eq, isNotNull, isNull, lt, or, sql } from 'drizzle-orm';
import { z } from 'zod';
import { totpDevices } from '../totp/tables.ts';
import { oneTimeTokens } from '../verification/tables.ts';
import { rotateSigningKeys } from './signing-keys.ts';
import { attempts, refreshTokens, sessions } from './tables.ts';

/**
 * Sessions are kept for a while after their end, so that a user can see them; used refresh tokens until they would lead nowhere anyway; one-time tokens
 * for a week. Attempts count for an hour; those to log in to somebody's account are shown to that person longer, and say from where it is used.
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
      await tx.delete(oneTimeTokens).where(lt(oneTimeTokens.expiresAt, sql`now() - interval '7 days'`));
      const isAbandoned = and(isNull(totpDevices.confirmedAt), lt(totpDevices.createdAt, sql`now() - interval '1 day'`));
      await tx.delete(totpDevices).where(isAbandoned);
      const isOfSomebody = or(isNotNull(attempts.userId), eq(attempts.outcome, 'SUCCEEDED'));
      const isLogIn = and(eq(attempts.purpose, 'LOG_IN'), isOfSomebody);
      const old = lt(attempts.attemptedAt, sql`now() - interval '1 day'`);
      const forgotten = lt(attempts.attemptedAt, sql`now() - ${`${String(knownAddressMs)} milliseconds`}::interval`);
      await tx.delete(attempts).where(or(forgotten, and(old, sql`(${isLogIn}) is not true`)));
      const keys = await pruneIdempotencyKeys(tx);
      log.info({ count: ended.length + keys }, 'Old sessions, attempts and idempotency keys are gone.');
    }),
});

/** Makes the next signing key when it is time, and removes those that verify nothing any more. Every process may run it. */
export const rotateKeys = defineJob({
  name: 'accounts.rotate-signing-keys',
  data: z.object({}),
  cron: '41 * * * *',
  handle: async ({ db, sealer, clock, log }) => {
    const { made, removed } = await rotateSigningKeys(db, { sealer, now: clock.now() });
    if (made + removed > 0) log.info({ count: made + removed }, 'The signing keys have changed.');
  },
});
