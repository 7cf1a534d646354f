import { instant, tenantTable, timestamps, typeId } from '@storegraph/database';
import { integer, text } from 'drizzle-orm/pg-core';
import { ordersSchema } from '../schema.ts';
import type { ReturnReason, ReturnStatus } from './return.ts';

// Constraints, indexes and policies stand in drizzle/orders/0010_create_returns.sql.
export const returns = tenantTable(
  ordersSchema,
  'returns',
  {
    id: typeId('ret').notNull(),
    orderId: typeId('ord').notNull(),
    customerId: typeId('cus'),
    status: text().$type<ReturnStatus>().notNull(),
    /** Sums over the lines. */
    units: integer().notNull(),
    receivedUnits: integer().notNull(),
    /** What the customer wrote. */
    customerNote: text(),
    /** For staff only. */
    note: text(),
    /** Told to the customer. */
    declineReason: text(),
    requestedAt: instant().notNull(),
    approvedAt: instant(),
    declinedAt: instant(),
    /** When units last arrived. */
    receivedAt: instant(),
    /** When it was cancelled, or the rest given up. */
    cancelledAt: instant(),
    ...timestamps,
  },
  undefined,
  { customer: 'customerId' },
);

export const returnLines = tenantTable(
  ordersSchema,
  'return_lines',
  {
    id: typeId('rtl').notNull(),
    returnId: typeId('ret').notNull(),
    lineId: typeId('orl').notNull(),
    customerId: typeId('cus'),
    quantity: integer().notNull(),
    received: integer().notNull(),
    reason: text().$type<ReturnReason>().notNull(),
  },
  undefined,
  { customer: 'customerId' },
);

export type ReturnRow = typeof returns.$inferSelect;
export type ReturnLineRow = typeof returnLines.$inferSelect;
