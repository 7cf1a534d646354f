import type { Id } from '@storegraph/core';
import { own, type Db } from '@storegraph/database';
import { eq } from 'drizzle-orm';
import { apiKeys } from './tables.ts';

const coarseMs = 60_000;

/** Notes that a key is in use, to the minute: a busy key must not cost a write with every request. */
export async function markUsed(db: Db, key: { readonly id: Id<'key'>; readonly lastUsedAt: Date | null }, now: Date): Promise<void> {
  if (key.lastUsedAt !== null && now.getTime() - key.lastUsedAt.getTime() < coarseMs) return;
  await db.write((tx) =>
    tx
      .update(apiKeys)
      .set({ lastUsedAt: now })
      .where(own(tx, apiKeys, eq(apiKeys.id, key.id))),
  );
}
