import { instant, platformTable, tenantTable, timestamps, typeId } from '@storegraph/database';
import { sql } from 'drizzle-orm';
import { check, pgPolicy, primaryKey, text, unique } from 'drizzle-orm/pg-core';
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
    country: text(),
    currency: text().notNull(),
    timezone: text().notNull().default('UTC'),
    defaultLanguage: text().notNull().default('en'),
    ...timestamps,
  },
  (t) => [
    check('stores_is_its_own_tenant', sql`${t.id} = ${t.storeId}`),
    check('stores_status', sql`${t.status} in ('ACTIVE', 'SUSPENDED', 'CLOSED')`),
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
