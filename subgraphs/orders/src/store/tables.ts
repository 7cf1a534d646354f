import { tenantTable } from '@storegraph/database';
import { text } from 'drizzle-orm/pg-core';
import { ordersSchema } from '../schema.ts';

/** What an order takes from its store when it is not told. */
export const knownStores = tenantTable(
  ordersSchema,
  'known_stores',
  { currency: text().notNull(), timeZone: text().notNull() },
  undefined,
  { key: [] },
);
