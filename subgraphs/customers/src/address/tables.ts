import { tenantTable, timestamps, typeId } from '@storegraph/database';
import { sql } from 'drizzle-orm';
import { boolean, foreignKey, index, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { customers } from '../customer/tables.ts';
import { customersSchema } from '../schema.ts';

export const addresses = tenantTable(
  customersSchema,
  'addresses',
  {
    id: typeId('adr').notNull(),
    customerId: typeId('cus').notNull(),
    /** What the customer calls it: home, office. */
    label: text(),
    firstName: text(),
    lastName: text(),
    company: text(),
    line1: text().notNull(),
    line2: text(),
    city: text(),
    /** State, province, prefecture: whatever the country writes on an envelope. */
    region: text(),
    postalCode: text(),
    /** ISO 3166-1 alpha-2. */
    country: text().notNull(),
    /** E.164. */
    phone: text(),
    defaultBilling: boolean().notNull().default(false),
    defaultShipping: boolean().notNull().default(false),
    ...timestamps,
  },
  (table) => [
    foreignKey({
      name: 'addresses_customer_fkey',
      columns: [table.storeId, table.customerId],
      foreignColumns: [customers.storeId, customers.id],
    }).onDelete('cascade'),
    index('addresses_customer_index').on(table.storeId, table.customerId),
    uniqueIndex('addresses_default_billing_key')
      .on(table.storeId, table.customerId)
      .where(sql`${table.defaultBilling}`),
    uniqueIndex('addresses_default_shipping_key')
      .on(table.storeId, table.customerId)
      .where(sql`${table.defaultShipping}`),
  ],
  { customer: 'customerId' },
);

export type AddressRow = typeof addresses.$inferSelect;
