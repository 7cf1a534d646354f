import { tenantTable, timestamps, typeId } from '@storegraph/database';
import { text } from 'drizzle-orm/pg-core';
import { messagingSchema } from '../schema.ts';

/** Replies that are written once and used often. */
export const macros = tenantTable(messagingSchema, 'macros', {
  id: typeId('mac').notNull(),
  /** Unique in the store. */
  title: text().notNull(),
  /** With variables: see macro.ts. */
  content: text().notNull(),
  ...timestamps,
});

export type MacroRow = typeof macros.$inferSelect;
