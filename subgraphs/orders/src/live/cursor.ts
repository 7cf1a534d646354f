import { SecretRejected, type Sealer } from '@storegraph/auth';
import type { StoreId } from '@storegraph/core';
import { PublicError } from '@storegraph/subgraph';

// Sealed: a customer who could read positions would learn from the gaps how much a store sells.
const placeOf = (storeId: StoreId) => `orders|live|${storeId}`;

export const writeCursor = (sealer: Sealer, storeId: StoreId, position: bigint): string => sealer.seal(String(position), placeOf(storeId));

/** The position in a cursor of this store's feed. Throws BAD_REQUEST for any other text. */
export function readCursor(sealer: Sealer, storeId: StoreId, cursor: string): bigint {
  try {
    return BigInt(sealer.open(cursor, placeOf(storeId)));
  } catch (error) {
    if (error instanceof SecretRejected) throw new PublicError('BAD_REQUEST', 'This cursor does not belong to this feed.');
    throw error;
  }
}
