import { tenantTable } from '@storegraph/database';
import { integer, text } from 'drizzle-orm/pg-core';
import { ordersSchema } from '../schema.ts';

/** What an order takes from its store when it is not told. */
export const knownStores = tenantTable(
  ordersSchema,
  'known_stores',
  { currency: text().notNull(), timeZone: text().notNull() },
  undefined,
  { key: [] },
);

/** How a store wants its orders. No row: as nothing was said. */
export const orderSettings = tenantTable(
  ordersSchema,
  'order_settings',
  {
    /** After how many minutes an order that is not paid expires; null: never. */
    unpaidExpiryMinutes: integer(),
  },
  undefined,
  { key: [] },
);
