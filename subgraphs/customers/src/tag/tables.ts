import { instant, tenantTable, typeId } from '@storegraph/database';
import { sql } from 'drizzle-orm';
import { check, foreignKey, index, text } from 'drizzle-orm/pg-core';
import { customers } from '../customer/tables.ts';
import { customersSchema } from '../schema.ts';

export const customerTags = tenantTable(
  customersSchema,
  'customer_tags',
  {
    /** In lower case. */
    tag: text().notNull(),
    customerId: typeId('cus').notNull(),
    createdAt: instant().notNull().defaultNow(),
  },
  (table) => [
    foreignKey({
      name: 'customer_tags_customer_fkey',
      columns: [table.storeId, table.customerId],
      foreignColumns: [customers.storeId, customers.id],
    }).onDelete('cascade'),
    check('customer_tags_tag_check', sql`${table.tag} = lower(${table.tag}) and char_length(${table.tag}) between 1 and 50`),
    index('customer_tags_customer_index').on(table.storeId, table.customerId),
  ],
  { key: ['tag', 'customerId'] },
);
