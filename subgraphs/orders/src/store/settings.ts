import { first, own, owned, type Tx } from '@storegraph/database';
import { defineReaction, storeCreated, storeUpdated } from '@storegraph/events';
import { knownStores } from './tables.ts';

/** The store's currency and time zone, or undefined in the moment before its creation has been told here. */
export async function storeSettings(tx: Tx): Promise<{ currency: string; timeZone: string } | undefined> {
  return first(await tx.select().from(knownStores).where(own(tx, knownStores)));
}

/** One consumer for both: across consumers no order is promised, and an older time zone would come after a newer one. */
export const rememberStore = defineReaction({
  name: 'orders.remember-store',
  kind: 'projection',
  on: [storeCreated, storeUpdated],
  handle: async (tx, event) => {
    const timeZone = event.payload.timezone;
    if (event.type === 'store.updated') {
      await tx.update(knownStores).set({ timeZone }).where(own(tx, knownStores));
      return;
    }
    const { currency } = event.payload;
    await tx
      .insert(knownStores)
      .values(owned(tx, { currency, timeZone }))
      .onConflictDoUpdate({ target: knownStores.storeId, set: { currency, timeZone } });
  },
});
