import { owned } from '@storegraph/database';
import { defineReaction, storeCreated, storeUpdated } from '@storegraph/events';
import { stores } from './tables.ts';

/** Keeps the country of each store, in which phone numbers without one are read. */
export const keepCountry = defineReaction({
  name: 'customers.keep-store-country',
  kind: 'projection',
  on: [storeCreated, storeUpdated],
  handle: async (tx, { payload: { country } }) => {
    await tx.insert(stores).values(owned(tx, { country })).onConflictDoUpdate({ target: stores.storeId, set: { country } });
  },
});
