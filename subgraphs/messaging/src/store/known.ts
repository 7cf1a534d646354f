import { first, own, owned, type Tx } from '@storegraph/database';
import { defineReaction, storeCreated, storeUpdated } from '@storegraph/events';
import { knownStores } from './tables.ts';

/** The store's name, language and time zone, or undefined in the moment before its creation has been told here. */
export async function storeOfMessages(tx: Tx): Promise<Omit<typeof knownStores.$inferSelect, 'storeId'> | undefined> {
  return first(await tx.select().from(knownStores).where(own(tx, knownStores)));
}

/** One consumer for both: across consumers no order is promised, and an older name would come after a newer one. */
export const rememberStore = defineReaction({
  name: 'messaging.remember-store',
  kind: 'projection',
  on: [storeCreated, storeUpdated],
  handle: async (tx, { payload: { name, defaultLanguage: language, timezone: timeZone } }) => {
    const settings = { name, language, timeZone };
    await tx.insert(knownStores).values(owned(tx, settings)).onConflictDoUpdate({ target: knownStores.storeId, set: settings });
  },
});
