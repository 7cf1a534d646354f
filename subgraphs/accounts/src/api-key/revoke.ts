import type { StoreId, UserId } from '@storegraph/core';
import { own, type Tx } from '@storegraph/database';
import { apiKeyRevoked, emit, signal } from '@storegraph/events';
import { eq, isNull } from 'drizzle-orm';
import { apiKeys } from './tables.ts';

/** Ends the API keys of a store that a user made, and those that were made with these. Gives how many. */
export async function revokeApiKeysOf(tx: Tx, storeId: StoreId, userId: UserId, now: Date): Promise<number> {
  const revoked = await tx
    .update(apiKeys)
    .set({ revokedAt: now })
    .where(own(tx, apiKeys, eq(apiKeys.createdBy, userId), isNull(apiKeys.revokedAt)))
    .returning({ id: apiKeys.id });
  await emit(tx, ...revoked.map(({ id }) => apiKeyRevoked({ storeId, apiKeyId: id })));
  for (const { id } of revoked) await signal(tx, 'credentials', { keyId: id });
  return revoked.length;
}
