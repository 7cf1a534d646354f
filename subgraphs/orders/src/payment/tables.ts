import { instant, tenantTable, timestamps, typeId } from '@storegraph/database';
import { bigint, integer, text } from 'drizzle-orm/pg-core';
import { ordersSchema } from '../schema.ts';
import type { RefundReason, RefundSource, Tender } from './payment.ts';

const amount = () => bigint({ mode: 'bigint' });

export const orderPayments = tenantTable(
  ordersSchema,
  'order_payments',
  {
    id: typeId('opm').notNull(),
    orderId: typeId('ord').notNull(),
    customerId: typeId('cus'),
    tender: text().$type<Tender>().notNull(),
    provider: text(),
    /** The provider's own id of the payment: unique per store and provider. */
    externalId: text(),
    currency: text().notNull(),
    /** At least what is captured: money taken at once counts as authorised and captured. */
    authorized: amount().notNull(),
    captured: amount().notNull(),
    refunded: amount().notNull(),
    /** Of the latest capture: refunds go back in reverse order of it. */
    capturedAt: instant(),
    voidedAt: instant(),
    ...timestamps,
  },
  undefined,
  { customer: 'customerId' },
);

export const refunds = tenantTable(
  ordersSchema,
  'refunds',
  {
    id: typeId('rfd').notNull(),
    /** Null for an imported credit note. */
    orderId: typeId('ord'),
    customerId: typeId('cus'),
    source: text().$type<RefundSource>().notNull(),
    externalId: text(),
    currency: text().notNull(),
    amount: amount().notNull(),
    reason: text().$type<RefundReason>().notNull(),
    /** For staff only. */
    note: text(),
    refundedAt: instant().notNull(),
    createdAt: timestamps.createdAt,
  },
  undefined,
  { customer: 'customerId' },
);

/** Which payment gave back how much. */
export const refundPayments = tenantTable(
  ordersSchema,
  'refund_payments',
  {
    id: typeId('rfp').notNull(),
    refundId: typeId('rfd').notNull(),
    paymentId: typeId('opm').notNull(),
    customerId: typeId('cus'),
    amount: amount().notNull(),
  },
  undefined,
  { customer: 'customerId' },
);

/** What was taken back, where a refund names it. An imported credit note keeps its own words instead of an order line. */
export const refundLines = tenantTable(
  ordersSchema,
  'refund_lines',
  {
    id: typeId('rfl').notNull(),
    refundId: typeId('rfd').notNull(),
    lineId: typeId('orl'),
    customerId: typeId('cus'),
    position: integer().notNull(),
    sku: text(),
    name: text().notNull(),
    quantity: integer().notNull(),
    amount: amount().notNull(),
  },
  undefined,
  { customer: 'customerId' },
);

export type OrderPaymentRow = typeof orderPayments.$inferSelect;
export type RefundRow = typeof refunds.$inferSelect;
export type RefundPaymentRow = typeof refundPayments.$inferSelect;
export type RefundLineRow = typeof refundLines.$inferSelect;
