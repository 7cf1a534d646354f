import { instant, tenantTable, timestamps, typeId } from '@storegraph/database';
import { sql } from 'drizzle-orm';
import { check, date, foreignKey, index, integer, jsonb, text, unique } from 'drizzle-orm/pg-core';
import { customersSchema } from '../schema.ts';
import { customerStatuses, genders } from './customer.ts';

export const customers = tenantTable(
  customersSchema,
  'customers',
  {
    id: typeId('cus').notNull(),
    /** What people call the customer by. Counted up per store, never given twice. */
    number: integer().notNull(),
    firstName: text(),
    lastName: text(),
    /** What search compares, see name.ts. Empty for a customer without a name. */
    searchName: text().notNull().default(''),
    /** BCP 47. */
    language: text(),
    /** IANA. */
    timezone: text(),
    birthDate: date({ mode: 'string' }),
    gender: text({ enum: genders }),
    /** ISO 3166-1 alpha-2. Phone numbers of this customer that name no country are read as of this one. */
    country: text(),
    status: text({ enum: customerStatuses }).notNull().default('ACTIVE'),
    /** For staff only. */
    note: text(),
    /** What other systems keep with the customer. For staff only. */
    metadata: jsonb().$type<Record<string, unknown>>().notNull().default({}),
    /** Last name first, in lower case: what a list of names is sorted by, with a collation of people's. */
    sortName: text()
      .notNull()
      .generatedAlwaysAs(sql`lower(coalesce(last_name || ' ', '') || coalesce(first_name, ''))`),
    /** The customer whom this one was found to be: the entry only leads there. */
    mergedIntoId: typeId('cus'),
    /** Since when nothing personal is left. */
    erasedAt: instant(),
    ...timestamps,
  },
  (table) => [
    foreignKey({
      name: 'customers_merged_into_fkey',
      columns: [table.storeId, table.mergedIntoId],
      foreignColumns: [table.storeId, table.id],
    }),
    check('customers_merged_into_check', sql`${table.mergedIntoId} <> ${table.id}`),
    check(
      'customers_erased_check',
      sql`${table.erasedAt} is null or (${table.firstName} is null and ${table.lastName} is null and ${table.searchName} = '' and ${table.language} is null and ${table.timezone} is null and ${table.birthDate} is null and ${table.gender} is null and ${table.country} is null and ${table.note} is null and ${table.metadata} = '{}' and ${table.status} = 'DISABLED')`,
    ),
    index('customers_merged_into_index')
      .on(table.storeId, table.mergedIntoId)
      .where(sql`${table.mergedIntoId} is not null`),
    unique('customers_number_key').on(table.storeId, table.number),
    check('customers_number_check', sql`${table.number} > 0`),
    check('customers_status_check', sql`${table.status} in ('ACTIVE', 'DISABLED')`),
    check('customers_gender_check', sql`${table.gender} in ('FEMALE', 'MALE', 'OTHER')`),
    check('customers_search_name_check', sql`${table.searchName} = '' or ${table.searchName} like ' _% '`),
    check('customers_metadata_check', sql`jsonb_typeof(${table.metadata}) = 'object'`),
    index('customers_sort_name_index').on(table.storeId, table.sortName, table.id),
    index('customers_updated_index').on(table.storeId, table.updatedAt.desc(), table.id.desc()),
    index('customers_created_index').on(table.storeId, table.createdAt.desc(), table.id.desc()),
    index('customers_status_index').on(table.storeId, table.status, table.createdAt.desc(), table.id.desc()),
    index('customers_name_index')
      .using('gin', table.storeId, table.searchName.op('extensions.gin_trgm_ops'))
      .with({ fastupdate: 'off' })
      .where(sql`${table.searchName} <> ''`),
  ],
  { customer: 'id' },
);

export type CustomerRow = typeof customers.$inferSelect;
