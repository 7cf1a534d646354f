import { instant, tenantTable, timestamps, typeId } from '@storegraph/database';
import { boolean, integer, text } from 'drizzle-orm/pg-core';
import { customersSchema } from '../schema.ts';

// Constraints, indexes and policies stand in drizzle/customers/0010_create_customer_imports.sql.

const importStatuses = ['AWAITING_FILE', 'PENDING', 'RUNNING', 'DONE', 'FAILED'] as const;

export const customerImports = tenantTable(customersSchema, 'customer_imports', {
  id: typeId('cim').notNull(),
  status: text({ enum: importStatuses }).notNull(),
  /** What becomes of rows about customers who are there already. */
  onExisting: text({ enum: ['UPDATE', 'SKIP'] }).notNull(),
  /** Only says what would happen. */
  dryRun: boolean().notNull(),
  /** The file, while it waits and is read. */
  content: text(),
  /** Rows that have been read: where the next batch begins. The counts below add up to it. */
  rowsRead: integer().notNull().default(0),
  created: integer().notNull().default(0),
  updated: integer().notNull().default(0),
  skipped: integer().notNull().default(0),
  rejected: integer().notNull().default(0),
  /** Why the file as a whole could not be read. */
  failure: text(),
  finishedAt: instant(),
  expiresAt: instant().notNull(),
  ...timestamps,
});

export const customerImportRejections = tenantTable(
  customersSchema,
  'customer_import_rejections',
  {
    importId: typeId('cim').notNull(),
    /** Of the file: the header is line 1. */
    line: integer().notNull(),
    /** Of several things wrong with one line. */
    position: integer().notNull(),
    code: text().notNull(),
    columnName: text(),
    message: text().notNull(),
  },
  undefined,
  { key: ['importId', 'line', 'position'] },
);

export type ImportRow = typeof customerImports.$inferSelect;
export type RejectionRow = typeof customerImportRejections.$inferSelect;
