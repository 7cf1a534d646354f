import { knownAddressMs } from '@storegraph/auth';
import { fromUuid, type StoreId } from '@storegraph/core';
import { own, pruneIdempotencyKeys, type Tx } from '@storegraph/database';
import { erasePersonal } from '@storegraph/events';
import { defineJob } from '@storegraph/jobs';
import { lt, sql } from 'drizzle-orm';
import { z } from 'zod';
import { oneTimeTokens, signUps } from '../account/tables.ts';
import { attempts, refreshTokens, sessions } from './tables.ts';

/**
 * Sessions are kept for a while after their end, used refresh tokens until they would lead nowhere anyway. Attempts count for an hour; a log-in
 * says longer than that from which addresses an account is used. Of sign-ups that came to nothing, and links that led nowhere, nothing stays:
 * their addresses are taken out of the event log, too.
 */
export const prune = defineJob({
  name: 'customers.prune',
  data: z.object({}),
  cron: '37 3 * * *',
  handle: async ({ sweep, inStore, log }) => {
    const count = await sweep(async (tx) => {
      const ended = await tx.execute(sql`delete from ${sessions} where expires_at < now() - interval '30 days'`);
      await tx.execute(sql`delete from ${refreshTokens} where used_at is not null and expires_at < now()`);
      await tx.execute(sql`delete from ${attempts} where attempted_at < now() - ${`${String(knownAddressMs)} milliseconds`}::interval
        or attempted_at < now() - interval '1 day' and (purpose = 'LOG_IN' and outcome = 'SUCCEEDED') is not true`);
      return ended.count + (await pruneIdempotencyKeys(tx));
    });
    for (const storeId of await sweep(storesWithOldLinks)) await inStore(storeId, (db) => db.write(forgetOldLinks));
    log.info({ count }, 'Old sessions, attempts, links and idempotency keys are gone.');
  },
});

/** The mail may have been late, and its reader be told that the link is too old rather than that there is none. */
const isOld = (expiresAt: typeof oneTimeTokens.expiresAt | typeof signUps.expiresAt) => lt(expiresAt, sql`now() - interval '7 days'`);

async function storesWithOldLinks(tx: Tx): Promise<StoreId[]> {
  const rows = await tx.execute<{ id: string }>(
    sql`select distinct store_id::text as id from ${oneTimeTokens} where ${isOld(oneTimeTokens.expiresAt)}`,
  );
  return rows.map(({ id }) => fromUuid('sto', id));
}

async function forgetOldLinks(tx: Tx): Promise<void> {
  const links = await tx
    .delete(oneTimeTokens)
    .where(own(tx, oneTimeTokens, isOld(oneTimeTokens.expiresAt)))
    .returning({ id: oneTimeTokens.id });
  const waiting = await tx
    .delete(signUps)
    .where(own(tx, signUps, isOld(signUps.expiresAt)))
    .returning({ id: signUps.id });
  await erasePersonal(tx, ...links.map(({ id }) => id), ...waiting.map(({ id }) => id));
}
