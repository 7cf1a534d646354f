import { instant, tenantTable, typeId } from '@storegraph/database';
import { bigint, boolean, integer, jsonb, text } from 'drizzle-orm/pg-core';
import type { OrderAddress } from '../order/address.ts';
import { ordersSchema } from '../schema.ts';

// Constraints, indexes and policies stand in drizzle/orders/0014_create_carts.sql and 0018_convert_and_recover_carts.sql. Every amount is in minor units of the cart's currency.
const amount = () => bigint({ mode: 'bigint' });

export const carts = tenantTable(
  ordersSchema,
  'carts',
  {
    id: typeId('crt').notNull(),
    /** Of the secret that opens a cart of nobody known; null once a customer has claimed it. */
    tokenHash: text(),
    customerId: typeId('cus'),
    /** STOREFRONT, or the outside shop system that keeps the cart. */
    source: text().notNull(),
    /** The cart's id there. */
    externalId: text(),
    /** Where that system opens the cart again. */
    recoveryUrl: text(),
    currency: text().notNull(),
    /** Follows from the first offer put in. */
    taxIncluded: boolean(),
    contactName: text(),
    /** In lower case. */
    contactEmail: text(),
    contactPhone: text(),
    billingAddress: jsonb().$type<OrderAddress>(),
    shippingAddress: jsonb().$type<OrderAddress>(),
    customerNote: text(),
    discountCodes: text().array().notNull(),
    shippingName: text(),
    shippingPrice: amount().notNull(),
    /** Until when the store stands by the price of shipping. */
    shippingExpiresAt: instant(),
    /** As priced at the last change: lists show it, a single cart is priced anew. */
    units: integer().notNull(),
    total: amount().notNull(),
    orderId: typeId('ord'),
    convertedAt: instant(),
    /** Once, for good: a cart is told of as abandoned at most once. */
    abandonedAt: instant(),
    /** When the shopper first came back after that. */
    recoveredAt: instant(),
    /** Of the secret in the link by which an abandoned cart is found again. */
    recoveryHash: text(),
    /** By the shopper, or on the shopper's behalf. */
    changedAt: instant().notNull(),
    expiresAt: instant().notNull(),
    createdAt: instant().notNull().defaultNow(),
  },
  undefined,
  { customer: 'customerId' },
);

export const cartLines = tenantTable(ordersSchema, 'cart_lines', {
  id: typeId('crl').notNull(),
  cartId: typeId('crt').notNull(),
  /** What the offer is of: the same again adds to the line. */
  offerKey: text().notNull(),
  sku: text(),
  name: text().notNull(),
  productId: text(),
  variantId: text(),
  imageUrl: text(),
  quantity: integer().notNull(),
  unitPrice: amount().notNull(),
  /** Hundredths of a percent. */
  taxRate: integer().notNull(),
  maxQuantity: integer().notNull(),
  /** Until when the store stands by the price. */
  offerExpiresAt: instant().notNull(),
  createdAt: instant().notNull().defaultNow(),
});

export type CartRow = typeof carts.$inferSelect;
export type CartLineRow = typeof cartLines.$inferSelect;
