import { instant, tenantTable, typeId } from '@storegraph/database';
import { sql } from 'drizzle-orm';
import { boolean, check, foreignKey, index, text, unique, uniqueIndex } from 'drizzle-orm/pg-core';
import { customers } from '../customer/tables.ts';
import { customersSchema } from '../schema.ts';
import { channels } from './contact-point.ts';

export const contactPoints = tenantTable(
  customersSchema,
  'contact_points',
  {
    id: typeId('cpt').notNull(),
    customerId: typeId('cus').notNull(),
    channel: text({ enum: channels }).notNull(),
    /** The system that an EXTERNAL id belongs to, '' for one without a name. '' for every other channel. */
    source: text().notNull().default(''),
    /** Normalised, so that equal addresses are equal texts: see contact-point.ts. */
    address: text().notNull(),
    /** As it was given. */
    display: text().notNull(),
    /** What search compares: the address in lower case. */
    searchKey: text().notNull(),
    isPrimary: boolean().notNull().default(false),
    /** When it was shown, or staff noted, that it belongs to the customer. */
    verifiedAt: instant(),
    /** When a link that was mailed there showed it: such an e-mail address logs in to the customer's account. */
    provenAt: instant(),
    createdAt: instant().notNull().defaultNow(),
  },
  (table) => [
    foreignKey({
      name: 'contact_points_customer_fkey',
      columns: [table.storeId, table.customerId],
      foreignColumns: [customers.storeId, customers.id],
    }).onDelete('cascade'),
    unique('contact_points_address_key').on(table.storeId, table.channel, table.source, table.address),
    uniqueIndex('contact_points_primary_key')
      .on(table.storeId, table.customerId, table.channel)
      .where(sql`${table.isPrimary}`),
    check('contact_points_channel_check', sql`${table.channel} in ('EMAIL', 'PHONE', 'WHATSAPP', 'EXTERNAL')`),
    check('contact_points_source_check', sql`${table.source} = '' or ${table.channel} = 'EXTERNAL'`),
    check(
      'contact_points_proven_check',
      sql`${table.provenAt} is null or (${table.channel} = 'EMAIL' and ${table.verifiedAt} is not null)`,
    ),
    index('contact_points_customer_index').on(table.storeId, table.customerId),
    index('contact_points_search_index').on(table.storeId, table.searchKey.op('text_pattern_ops')),
    // Finds a phone number by its last digits, however its beginning was written.
    index('contact_points_phone_end_index')
      .on(table.storeId, sql`reverse(${table.address}) text_pattern_ops`)
      .where(sql`${table.channel} in ('PHONE', 'WHATSAPP')`),
  ],
  { customer: 'customerId' },
);

export type ContactPointRow = typeof contactPoints.$inferSelect;
