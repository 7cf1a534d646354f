import { instant, tenantTable, timestamps, typeId } from '@storegraph/database';
import { integer, text } from 'drizzle-orm/pg-core';
import { ordersSchema } from '../schema.ts';
import type { FulfillmentState } from './fulfillment.ts';

export const fulfillments = tenantTable(
  ordersSchema,
  'fulfillments',
  {
    id: typeId('ful').notNull(),
    orderId: typeId('ord').notNull(),
    customerId: typeId('cus'),
    status: text().$type<FulfillmentState>().notNull(),
    carrier: text(),
    trackingNumber: text(),
    trackingUrl: text(),
    shippedAt: instant(),
    deliveredAt: instant(),
    cancelledAt: instant(),
    ...timestamps,
  },
  undefined,
  { customer: 'customerId' },
);

export const fulfillmentLines = tenantTable(
  ordersSchema,
  'fulfillment_lines',
  {
    id: typeId('ffl').notNull(),
    fulfillmentId: typeId('ful').notNull(),
    lineId: typeId('orl').notNull(),
    customerId: typeId('cus'),
    quantity: integer().notNull(),
  },
  undefined,
  { customer: 'customerId' },
);

export type FulfillmentRow = typeof fulfillments.$inferSelect;
export type FulfillmentLineRow = typeof fulfillmentLines.$inferSelect;
