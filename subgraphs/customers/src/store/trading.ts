import { owned } from '@storegraph/database';
import { defineReaction, signal, storeClosed, storeReinstated, storeSuspended } from '@storegraph/events';
import { stores } from './tables.ts';

/** Keeps whether a store trades. Where it does so no more, its customers are as good as logged out, and gateways forget who they are. */
export const keepTrading = defineReaction({
  name: 'customers.keep-store-trading',
  kind: 'projection',
  on: [storeSuspended, storeReinstated, storeClosed],
  handle: async (tx, { type, payload: { storeId } }) => {
    const trading = type === 'store.reinstated';
    await tx.insert(stores).values(owned(tx, { trading })).onConflictDoUpdate({ target: stores.storeId, set: { trading } });
    await signal(tx, 'credentials', { storeId });
  },
});
