import { instant, tenantTable, timestamps, typeId } from '@storegraph/database';
import { sql } from 'drizzle-orm';
import { bigint, integer, text } from 'drizzle-orm/pg-core';
import { ordersSchema } from '../schema.ts';
import type { RefundReason, RefundSource, RefundStatus, Tender } from './payment.ts';

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
    /** What refunds have been granted and not given back yet. Never more than captured − refunded. */
    granted: amount()
      .notNull()
      .default(sql`0`),
    /** Of the latest capture: refunds go back in reverse order of it. */
    capturedAt: instant(),
    voidedAt: instant(),
    /** The promise of the gift card behind it; null where a card of another system was recorded. */
    giftCardHoldId: typeId('gfh'),
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
    /** What was granted. */
    amount: amount().notNull(),
    /** How much of it has gone back. */
    settled: amount().notNull(),
    reason: text().$type<RefundReason>().notNull(),
    /** For staff only. */
    note: text(),
    /** When it was decided. */
    grantedAt: instant().notNull(),
    /** When money last went back. */
    refundedAt: instant(),
    cancelledAt: instant(),
    /** Follows from the amounts. */
    status: text()
      .$type<RefundStatus>()
      .notNull()
      .generatedAlwaysAs(
        sql`case when cancelled_at is not null then 'CANCELLED' when settled = amount then 'SETTLED' when settled > 0 then 'PARTIALLY_SETTLED' else 'GRANTED' end`,
      ),
    createdAt: timestamps.createdAt,
  },
  undefined,
  { customer: 'customerId' },
);

/** Which payment gives back how much: planned when it is granted, and settled share by share. */
export const refundPayments = tenantTable(
  ordersSchema,
  'refund_payments',
  {
    id: typeId('rfp').notNull(),
    refundId: typeId('rfd').notNull(),
    paymentId: typeId('opm').notNull(),
    customerId: typeId('cus'),
    amount: amount().notNull(),
    settledAt: instant(),
    /** The provider's own id of the money that went back. */
    reference: text(),
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
