import { tenantTable } from '@storegraph/database';
import { text } from 'drizzle-orm/pg-core';
import { messagingSchema } from '../schema.ts';

/** What messages take from their store. */
export const knownStores = tenantTable(
  messagingSchema,
  'known_stores',
  {
    name: text().notNull(),
    /** A BCP 47 tag: of those who have no language of their own. */
    language: text().notNull(),
    timeZone: text().notNull(),
  },
  undefined,
  { key: [] },
);
