import { one, own, owned, type Tx } from '@storegraph/database';
import { sql } from 'drizzle-orm';
import { stores } from './tables.ts';

type Store = Pick<typeof stores.$inferSelect, 'lastNumber' | 'country'>;

/**
 * Takes the next `count` customer numbers of the store, up to `lastNumber`. The row stays locked until the commit, so that numbers follow
 * each other without gaps. It is the first lock of every transaction that makes customers, so that none of them wait in a circle.
 */
export async function takeNumbers(tx: Tx, count: number): Promise<Store> {
  const taken = await tx
    .insert(stores)
    .values(owned(tx, { lastNumber: count }))
    .onConflictDoUpdate({ target: stores.storeId, set: { lastNumber: sql`${stores.lastNumber} + ${count}` } })
    .returning({ lastNumber: stores.lastNumber, country: stores.country });
  return one(taken);
}

/** The country in which the store is established, or null where it named none. */
export async function storeCountry(tx: Tx): Promise<string | null> {
  const [store] = await tx.select({ country: stores.country }).from(stores).where(own(tx, stores));
  return store?.country ?? null;
}

/** Whether the store trades. One that is not here yet does: nobody has said otherwise. */
export async function storeTrades(tx: Tx): Promise<boolean> {
  const [store] = await tx.select({ trading: stores.trading }).from(stores).where(own(tx, stores));
  return store?.trading ?? true;
}
