import { first, own, owned, type Tx } from '@storegraph/database';
import { defineReaction, storeCreated, storeUpdated } from '@storegraph/events';
import { getTableColumns } from 'drizzle-orm';
import { knownStores, orderSettings } from './tables.ts';

/** The store's currency and time zone, or undefined in the moment before its creation has been told here. */
export async function storeSettings(tx: Tx): Promise<{ currency: string; timeZone: string } | undefined> {
  return first(await tx.select().from(knownStores).where(own(tx, knownStores)));
}

export type OrderSettings = Omit<typeof orderSettings.$inferSelect, 'storeId'>;

/** How the store wants its orders; as nothing was said, where it has said nothing. */
export async function orderSettingsOf(tx: Tx): Promise<OrderSettings> {
  const { unpaidExpiryMinutes } = getTableColumns(orderSettings);
  return first(await tx.select({ unpaidExpiryMinutes }).from(orderSettings).where(own(tx, orderSettings))) ?? { unpaidExpiryMinutes: null };
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
