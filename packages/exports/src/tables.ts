import { instant, tenantTable, timestamps, typeId } from '@storegraph/database';
import { bigint, integer, jsonb, text, type PgSchema } from 'drizzle-orm/pg-core';

export const exportStatuses = ['PENDING', 'RUNNING', 'DONE', 'FAILED'] as const;
export type ExportStatus = (typeof exportStatuses)[number];

/** The two tables in which a domain keeps its exports until they expire. Their migration: README.md. */
export function exportTables<Name extends string>(schema: PgSchema<Name>) {
  return {
    exports: tenantTable(schema, 'exports', {
      id: typeId('exp').notNull(),
      /** Which of the domain's lists it is of. */
      kind: text().notNull(),
      status: text().$type<ExportStatus>().notNull(),
      /** The list's filter, as it was asked for. */
      filter: jsonb().$type<unknown>().notNull(),
      /** How many things the list had when the export began; null before. */
      total: integer(),
      /** How many of them are written. */
      done: integer().notNull(),
      /** Where the next batch begins; null for the first. */
      cursor: text(),
      chunks: integer().notNull(),
      bytes: bigint({ mode: 'number' }).notNull(),
      finishedAt: instant(),
      expiresAt: instant().notNull(),
      ...timestamps,
    }),
    exportChunks: tenantTable(
      schema,
      'export_chunks',
      { exportId: typeId('exp').notNull(), position: integer().notNull(), content: text().notNull() },
      undefined,
      { key: ['exportId', 'position'] },
    ),
  };
}

export type ExportTables = ReturnType<typeof exportTables<string>>;
export type ExportRow = ExportTables['exports']['$inferSelect'];
