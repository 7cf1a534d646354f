import type { IdentityKind } from '@storegraph/auth';
import { instant, tenantTable, typeId } from '@storegraph/database';
import { sql } from 'drizzle-orm';
import { check, foreignKey, index, jsonb, text, unique } from 'drizzle-orm/pg-core';
import { customers } from '../customer/tables.ts';
import { customersSchema } from '../schema.ts';
import type { Erased, ErasureReason, ErasureStatus, Kept } from './erasure.ts';

export const erasures = tenantTable(
  customersSchema,
  'erasures',
  {
    id: typeId('ers').notNull(),
    customerId: typeId('cus').notNull(),
    /** One of a list: what somebody wrote might name the person. */
    reason: text().$type<ErasureReason>().notNull(),
    status: text().$type<ErasureStatus>().notNull(),
    requestedAt: instant().notNull(),
    requestedByKind: text().$type<IdentityKind>().notNull(),
    requestedById: text(),
    completedAt: instant(),
  },
  (table) => [
    foreignKey({
      name: 'erasures_customer_fkey',
      columns: [table.storeId, table.customerId],
      foreignColumns: [customers.storeId, customers.id],
    }),
    unique('erasures_customer_key').on(table.storeId, table.customerId),
    check(
      'erasures_reason_check',
      sql`${table.reason} in ('REQUESTED_BY_CUSTOMER', 'CONSENT_WITHDRAWN', 'NO_LONGER_NEEDED', 'UNLAWFULLY_PROCESSED', 'LEGAL_OBLIGATION')`,
    ),
    check('erasures_status_check', sql`${table.status} in ('PENDING', 'COMPLETED')`),
    check('erasures_completed_check', sql`(${table.status} = 'COMPLETED') = (${table.completedAt} is not null)`),
    index('erasures_requested_index').on(table.storeId, table.requestedAt.desc(), table.id.desc()),
    index('erasures_status_index').on(table.storeId, table.status, table.requestedAt.desc(), table.id.desc()),
  ],
);

/** What one domain says about one erasure. */
export const erasureParts = tenantTable(
  customersSchema,
  'erasure_parts',
  {
    erasureId: typeId('ers').notNull(),
    domain: text().notNull(),
    /** Null while its answer is awaited. */
    doneAt: instant(),
    erased: jsonb().$type<readonly Erased[]>().notNull().default([]),
    kept: jsonb().$type<readonly Kept[]>().notNull().default([]),
  },
  (table) => [
    foreignKey({
      name: 'erasure_parts_erasure_fkey',
      columns: [table.storeId, table.erasureId],
      foreignColumns: [erasures.storeId, erasures.id],
    }),
  ],
  { key: ['erasureId', 'domain'] },
);

export type ErasureRow = typeof erasures.$inferSelect;
export type ErasurePartRow = typeof erasureParts.$inferSelect;
