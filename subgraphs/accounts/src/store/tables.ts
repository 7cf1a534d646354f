import { instant, platformTable, tenantTable, timestamps, typeId } from '@storegraph/database';
import { sql } from 'drizzle-orm';
import { check, index, pgPolicy, primaryKey, text, unique } from 'drizzle-orm/pg-core';
import { accountsSchema } from '../schema.ts';

/** Stores are tenants of themselves: `id` equals `storeId`. */
export const stores = tenantTable(
  accountsSchema,
  'stores',
  {
    id: typeId('sto').notNull(),
    slug: text().notNull(),
    domain: text(),
    name: text().notNull(),
    status: text({ enum: ['ACTIVE', 'SUSPENDED', 'CLOSED'] })
      .notNull()
      .default('ACTIVE'),
    /** Set and cleared by change_store_status alone, with the status. */
    suspendedAt: instant(),
    suspendedReason: text(),
    closedAt: instant(),
    closedReason: text(),
    country: text(),
    currency: text().notNull(),
    timezone: text().notNull().default('UTC'),
    defaultLanguage: text().notNull().default('en'),
    ...timestamps,
  },
  (t) => [
    check('stores_is_its_own_tenant', sql`${t.id} = ${t.storeId}`),
    check('stores_status', sql`${t.status} in ('ACTIVE', 'SUSPENDED', 'CLOSED')`),
    check('stores_suspended_since', sql`${t.status} <> 'SUSPENDED' or ${t.suspendedAt} is not null`),
    check('stores_closed_since', sql`(${t.status} = 'CLOSED') = (${t.closedAt} is not null)`),
    // For the lists of the platform.
    index('stores_of_platform').on(t.createdAt.desc(), t.id.desc()),
    index('stores_by_status').on(t.status, t.createdAt.desc(), t.id.desc()),
    index('stores_by_country').on(t.country, t.createdAt.desc(), t.id.desc()),
    index('stores_by_words').using(
      'gin',
      sql`lower(${t.name} || ' ' || ${t.slug} || ' ' || coalesce(${t.domain}, '')) extensions.gin_trgm_ops`,
    ),
    check('stores_slug', sql`${t.slug} ~ '^[a-z0-9][a-z0-9-]{1,38}[a-z0-9]$'`),
    check('stores_country', sql`${t.country} ~ '^[A-Z]{2}$'`),
    check('stores_currency', sql`${t.currency} ~ '^[A-Z]{3}$'`),
    pgPolicy('shopper_read', {
      for: 'select',
      using: sql.raw(
        `store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('CUSTOMER', 'ANONYMOUS')`,
      ),
    }),
  ],
);

/** What is unique over all stores. Written by claim_store_name alone. */
export const storeNames = platformTable(
  accountsSchema,
  'store_names',
  {
    kind: text({ enum: ['SLUG', 'DOMAIN'] }).notNull(),
    value: text().notNull(),
    storeId: typeId('sto').notNull(),
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.kind, t.value] }),
    unique('store_names_one_of_a_kind').on(t.storeId, t.kind),
    check('store_names_kind', sql`${t.kind} in ('SLUG', 'DOMAIN')`),
  ],
  { readers: [] },
);
