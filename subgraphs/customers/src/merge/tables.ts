import type { IdentityKind } from '@storegraph/auth';
import { instant, tenantTable, typeId } from '@storegraph/database';
import { sql } from 'drizzle-orm';
import { check, foreignKey, index, jsonb, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { customers } from '../customer/tables.ts';
import { customersSchema } from '../schema.ts';
import type { Snapshot } from './snapshot.ts';

export const merges = tenantTable(
  customersSchema,
  'merges',
  {
    id: typeId('mrg').notNull(),
    survivorId: typeId('cus').notNull(),
    mergedId: typeId('cus').notNull(),
    /** What it takes to undo the merge. Personal: null once it is undone or one of the two is erased. */
    snapshot: jsonb().$type<Snapshot>(),
    mergedAt: instant().notNull(),
    mergedByKind: text().$type<IdentityKind>().notNull(),
    /** usr_ or key_, as text: actors are of several kinds. */
    mergedById: text(),
    undoneAt: instant(),
    undoneByKind: text().$type<IdentityKind>(),
    undoneById: text(),
  },
  (table) => [
    foreignKey({
      name: 'merges_survivor_fkey',
      columns: [table.storeId, table.survivorId],
      foreignColumns: [customers.storeId, customers.id],
    }),
    foreignKey({ name: 'merges_merged_fkey', columns: [table.storeId, table.mergedId], foreignColumns: [customers.storeId, customers.id] }),
    check('merges_other_check', sql`${table.survivorId} <> ${table.mergedId}`),
    check('merges_undone_check', sql`(${table.undoneAt} is null) = (${table.undoneByKind} is null)`),
    check('merges_snapshot_check', sql`${table.undoneAt} is null or ${table.snapshot} is null`),
    uniqueIndex('merges_standing_key')
      .on(table.storeId, table.mergedId)
      .where(sql`${table.undoneAt} is null`),
    index('merges_survivor_index').on(table.storeId, table.survivorId, table.mergedAt.desc(), table.id.desc()),
  ],
);

export type MergeRow = typeof merges.$inferSelect;
