import type { IdentityKind } from '@storegraph/auth';
import { instant, tenantTable, timestamps, typeId } from '@storegraph/database';
import { sql } from 'drizzle-orm';
import { bigint, boolean, integer, jsonb, pgPolicy, text } from 'drizzle-orm/pg-core';
import { ordersSchema } from '../schema.ts';
import type { OrderAddress } from './address.ts';
import type { FulfillmentStatus, OrderStatus, PaymentStatus } from './order.ts';

// Constraints, indexes and policies stand in drizzle/orders/0001_create_orders.sql. Every amount is in minor units of the order's currency.
const amount = () => bigint({ mode: 'bigint' });

// As a table's own `customer` policy, less what is not yet or never the customer's.
const customerOwnAnd = (condition: string) =>
  pgPolicy('customer_own', {
    for: 'select',
    using: sql.raw(
      `store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('CUSTOMER') and customer_id = nullif(current_setting('app.customer_id', true), '')::uuid and ${condition}`,
    ),
  });

export const orders = tenantTable(
  ordersSchema,
  'orders',
  {
    id: typeId('ord').notNull(),
    /** Counted per store, without gaps; a draft's are negative and counted apart: see `numberText`. */
    number: bigint({ mode: 'bigint' }).notNull(),
    /** Grows by one with each fact; also the sequence of the timeline entry that tells it. */
    version: integer().notNull(),
    customerId: typeId('cus'),
    contactName: text(),
    /** In lower case, so that equality finds it. */
    contactEmail: text(),
    contactPhone: text(),
    currency: text().notNull(),
    subtotal: amount().notNull(),
    discount: amount().notNull(),
    tax: amount().notNull(),
    /** Whether the prices contain the tax already, as in shops of the EU and the UK. */
    taxIncluded: boolean().notNull(),
    shipping: amount().notNull(),
    /** What discounts take off the shipping. */
    shippingDiscount: amount()
      .notNull()
      .default(sql`0`),
    total: amount().notNull(),
    /** What payments still hold and have not captured. */
    authorized: amount().notNull(),
    captured: amount().notNull(),
    refunded: amount().notNull(),
    /** What refunds have been granted and not given back yet. */
    granted: amount()
      .notNull()
      .default(sql`0`),
    /** Sums of the lines' counters, so that the axes follow from this row alone. */
    orderedUnits: bigint({ mode: 'number' }).notNull(),
    allocatedUnits: bigint({ mode: 'number' }).notNull(),
    shippedUnits: bigint({ mode: 'number' }).notNull(),
    deliveredUnits: bigint({ mode: 'number' }).notNull(),
    returnedUnits: bigint({ mode: 'number' }).notNull(),
    status: text().$type<OrderStatus>().notNull(),
    paymentStatus: text().$type<PaymentStatus>().notNull(),
    fulfillmentStatus: text().$type<FulfillmentStatus>().notNull(),
    billingAddress: jsonb().$type<OrderAddress>(),
    shippingAddress: jsonb().$type<OrderAddress>(),
    /** What the customer wrote when ordering. */
    customerNote: text(),
    /** For staff only. */
    note: text(),
    source: text().notNull(),
    externalId: text(),
    tags: text()
      .array()
      .notNull()
      .default(sql`'{}'`),
    metadata: jsonb()
      .$type<Record<string, unknown>>()
      .notNull()
      .default(sql`'{}'`),
    /** What a draft asks for; null once it is placed. Tagged JSON of `DraftRequest`. */
    draft: jsonb().$type<unknown>(),
    /** Of what was ordered, at which price: equal for an order placed twice. */
    fingerprint: bigint({ mode: 'bigint' }),
    /** When the order is given up unless it is paid. */
    expiresAt: instant(),
    /** A draft's: when it was begun. */
    placedAt: instant().notNull(),
    paidAt: instant(),
    /** When the first parcel left. */
    shippedAt: instant(),
    completedAt: instant(),
    cancelledAt: instant(),
    cancelReason: text().$type<CancelReason>(),
    expiredAt: instant(),
    ...timestamps,
  },
  () => [customerOwnAnd("status <> 'DRAFT'")],
);

export const orderLines = tenantTable(
  ordersSchema,
  'order_lines',
  {
    id: typeId('orl').notNull(),
    orderId: typeId('ord').notNull(),
    /** The order's customer again, because a policy may not look it up. */
    customerId: typeId('cus'),
    position: integer().notNull(),
    sku: text(),
    name: text().notNull(),
    productId: text(),
    variantId: text(),
    currency: text().notNull(),
    quantity: integer().notNull(),
    unitPrice: amount().notNull(),
    subtotal: amount().notNull(),
    /** The sum of the line's allocations. */
    discount: amount().notNull(),
    tax: amount().notNull(),
    taxIncluded: boolean().notNull(),
    total: amount().notNull(),
    /** Units in parcels that are not cancelled; of those, units that left; of those, units that arrived. */
    allocated: integer().notNull(),
    shipped: integer().notNull(),
    delivered: integer().notNull(),
    /** Units that came back. */
    returned: integer().notNull(),
    /** Units that are announced to come back and have not arrived. */
    returningUnits: integer().notNull().default(0),
    refunded: integer().notNull(),
  },
  undefined,
  { customer: 'customerId' },
);

/** Where each cent of a discount went. An edit shares it out anew. */
export const orderDiscountAllocations = tenantTable(
  ordersSchema,
  'order_discount_allocations',
  {
    id: typeId('oda').notNull(),
    orderId: typeId('ord').notNull(),
    lineId: typeId('orl').notNull(),
    customerId: typeId('cus'),
    /** Whether the discount was given on the line or shared out from the whole order. */
    target: text().$type<'LINE' | 'ORDER'>().notNull(),
    label: text(),
    /** Null for a discount given by hand. */
    discountId: typeId('dsc'),
    codeId: typeId('dcd'),
    amount: amount().notNull(),
  },
  undefined,
  { customer: 'customerId' },
);

/** The timeline: append-only, one entry per fact. */
export const orderEvents = tenantTable(
  ordersSchema,
  'order_events',
  {
    id: typeId('oev').notNull(),
    orderId: typeId('ord').notNull(),
    customerId: typeId('cus'),
    sequence: integer().notNull(),
    kind: text().$type<OrderEventKind>().notNull(),
    /** Not shown to customers: the policy leaves these out. */
    internal: boolean().notNull(),
    actorKind: text().$type<IdentityKind>().notNull(),
    /** usr_, key_ or cus_, as text: actors are of several kinds. */
    actorId: text(),
    amount: amount(),
    paymentId: typeId('opm'),
    refundId: typeId('rfd'),
    fulfillmentId: typeId('ful'),
    returnId: typeId('ret'),
    reason: text(),
    /** What an edit changed. Tagged JSON of `Change[]`. */
    changes: jsonb().$type<unknown>(),
    occurredAt: instant().notNull(),
    /** In the order of insertion, over all stores. */
    ordinal: bigint({ mode: 'bigint' }).notNull().generatedByDefaultAsIdentity(),
    /** Its place in the store's live feed: src/live. */
    position: bigint({ mode: 'bigint' }),
  },
  () => [customerOwnAnd('not internal')],
);

/** The last order number given out in a store, and the last of its drafts. */
export const orderCounters = tenantTable(
  ordersSchema,
  'order_counters',
  {
    last: bigint({ mode: 'bigint' }).notNull(),
    lastDraft: bigint({ mode: 'bigint' })
      .notNull()
      .default(sql`0`),
  },
  undefined,
  { key: [] },
);

export type OrderRow = typeof orders.$inferSelect;
export type OrderLineRow = typeof orderLines.$inferSelect;
export type AllocationRow = typeof orderDiscountAllocations.$inferSelect;
export type OrderEventRow = typeof orderEvents.$inferSelect;

export const cancelReasons = ['CUSTOMER', 'INVENTORY', 'FRAUD', 'DECLINED', 'STAFF', 'OTHER'] as const;
export type CancelReason = (typeof cancelReasons)[number];

export const orderEventKinds = [
  'PLACED',
  'IMPORTED',
  'PAYMENT_RECORDED',
  'PAYMENT_CAPTURED',
  'PAYMENT_VOIDED',
  'PAID',
  'REFUNDED',
  'FULFILLMENT_CREATED',
  'FULFILLMENT_SHIPPED',
  'FULFILLMENT_DELIVERED',
  'FULFILLMENT_CANCELLED',
  'NOTE_SET',
  'COMPLETED',
  'CANCELLED',
  'DRAFTED',
  'EDITED',
  'UPDATED',
  'TAGS_SET',
  'EXPIRED',
  'GIFT_CARD_APPLIED',
  'REFUND_GRANTED',
  'REFUND_CANCELLED',
  'RETURN_REQUESTED',
  'RETURN_APPROVED',
  'RETURN_DECLINED',
  'RETURN_RECEIVED',
  'RETURN_CANCELLED',
  'CUSTOMER_CHANGED',
  'ERASED',
] as const;
export type OrderEventKind = (typeof orderEventKinds)[number];
