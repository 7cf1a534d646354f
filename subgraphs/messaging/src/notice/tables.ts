import { tenantTable, typeId } from '@storegraph/database';
import { text } from 'drizzle-orm/pg-core';
import { messagingSchema } from '../schema.ts';

/** To whom mails about an order go: not every event of an order repeats it. */
export const mailedOrders = tenantTable(messagingSchema, 'mailed_orders', {
  id: typeId('ord').notNull(),
  number: text().notNull(),
  customerId: typeId('cus'),
  name: text(),
  email: text(),
});

export type MailedOrder = typeof mailedOrders.$inferSelect;
