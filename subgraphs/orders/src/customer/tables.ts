import { instant, tenantTable, typeId } from '@storegraph/database';
import { boolean, text } from 'drizzle-orm/pg-core';
import { ordersSchema } from '../schema.ts';

/** Which customers a store has: all that this domain needs to know in order to refuse another store's customer. */
export const knownCustomers = tenantTable(ordersSchema, 'known_customers', {
  id: typeId('cus').notNull(),
  /** The customer whose this id is now. */
  mergedIntoId: typeId('cus'),
  erasedAt: instant(),
});

/** Merges that have been followed. */
export const knownMerges = tenantTable(ordersSchema, 'known_merges', {
  id: typeId('mrg').notNull(),
  undone: boolean().notNull().default(false),
});

/** Rows that a merge has moved, with the customer whose they were at first. */
export const customerMoves = tenantTable(
  ordersSchema,
  'customer_moves',
  {
    /** The table. */
    relation: text().notNull(),
    rowId: typeId('row').notNull(),
    homeId: typeId('cus').notNull(),
  },
  undefined,
  { key: ['relation', 'rowId'] },
);

/** Erasures that have been answered. */
export const customerErasures = tenantTable(ordersSchema, 'customer_erasures', { id: typeId('ers').notNull() });
