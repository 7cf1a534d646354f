import { instant, tenantTable, timestamps, typeId } from '@storegraph/database';
import { bigint, boolean, integer, text } from 'drizzle-orm/pg-core';
import { ordersSchema } from '../schema.ts';
import type { DiscountClass, DiscountKind, DiscountMethod } from './discount.ts';

// Constraints, indexes and policies stand in drizzle/orders/0005_create_discounts.sql and 0006_create_discount_redemptions.sql.
const amount = () => bigint({ mode: 'bigint' });

export const discounts = tenantTable(ordersSchema, 'discounts', {
  id: typeId('dsc').notNull(),
  /** What customers read on their order. */
  title: text().notNull(),
  /** The title in lower case, to search it. */
  titleKey: text().notNull(),
  method: text().$type<DiscountMethod>().notNull(),
  kind: text().$type<DiscountKind>().notNull(),
  appliesTo: text().$type<DiscountClass>().notNull(),
  /** Hundredths of a percent, of a PERCENTAGE. */
  basisPoints: integer(),
  /** Given on one unit alone, the cheapest. */
  oncePerOrder: boolean().notNull(),
  /** Units of the goods to which it applies. */
  minimumQuantity: integer(),
  startsAt: instant().notNull(),
  endsAt: instant(),
  usageLimit: integer(),
  /** Uses that stand, over all codes. Changed by conditional update alone. */
  used: integer().notNull().default(0),
  customerLimit: integer(),
  /** The higher is applied first. */
  priority: integer().notNull(),
  /** The classes of other discounts that may stand beside it; none means that it stands alone. */
  combinesWith: text().array().$type<DiscountClass[]>().notNull(),
  /** Of a LINE discount the goods to which it applies; every line where both are empty. */
  targetSkus: text().array().notNull(),
  targetProductIds: text().array().notNull(),
  /** Of a discount that was made for another domain's codes: who asked, and a hash of the terms. */
  issuedKey: text(),
  disabledAt: instant(),
  archivedAt: instant(),
  ...timestamps,
});

/** What a discount is worth and asks for, by currency. One with rows here is given in these currencies alone. */
export const discountAmounts = tenantTable(
  ordersSchema,
  'discount_amounts',
  {
    discountId: typeId('dsc').notNull(),
    currency: text().notNull(),
    /** Of a FIXED_AMOUNT: off each unit of a LINE discount, off the whole of an ORDER discount. */
    amount: amount(),
    /** Of the goods to which it applies, less what was taken off by hand. */
    minimumSubtotal: amount(),
    /** The most that it gives in one order. */
    maximum: amount(),
  },
  undefined,
  { key: ['discountId', 'currency'] },
);

/** Codes that were made together: append-only. */
export const discountCodeBatches = tenantTable(ordersSchema, 'discount_code_batches', {
  id: typeId('dbt').notNull(),
  discountId: typeId('dsc').notNull(),
  prefix: text(),
  /** Of the random part. */
  length: integer().notNull(),
  count: integer().notNull(),
  usageLimit: integer(),
  endsAt: instant(),
  createdAt: timestamps.createdAt,
});

export const discountCodes = tenantTable(ordersSchema, 'discount_codes', {
  id: typeId('dcd').notNull(),
  discountId: typeId('dsc').notNull(),
  batchId: typeId('dbt'),
  /** The only customer who may use it. */
  customerId: typeId('cus'),
  /** As it was written. */
  code: text().notNull(),
  /** Without blanks, in capitals: unique in the store. */
  normalized: text().notNull(),
  usageLimit: integer(),
  used: integer().notNull().default(0),
  endsAt: instant(),
  disabledAt: instant(),
  createdAt: timestamps.createdAt,
});

/** What an order took of a discount, with the words and amounts of that moment. */
export const discountRedemptions = tenantTable(
  ordersSchema,
  'discount_redemptions',
  {
    id: typeId('drd').notNull(),
    orderId: typeId('ord').notNull(),
    discountId: typeId('dsc').notNull(),
    codeId: typeId('dcd'),
    customerId: typeId('cus'),
    label: text().notNull(),
    code: text(),
    currency: text().notNull(),
    /** Off the order in all, its shipping included. */
    amount: amount().notNull(),
    shipping: amount().notNull(),
    redeemedAt: instant().notNull(),
    /** When the use was given back. */
    releasedAt: instant(),
  },
  undefined,
  { customer: 'customerId' },
);

/** How often a customer has used a discount. */
export const discountCustomers = tenantTable(
  ordersSchema,
  'discount_customers',
  {
    discountId: typeId('dsc').notNull(),
    customerId: typeId('cus').notNull(),
    /** The discount's limit per customer at the latest use. */
    usageLimit: integer(),
    used: integer().notNull(),
  },
  undefined,
  { key: ['discountId', 'customerId'] },
);

/** How many codes that are not theirs a shopper has tried lately. */
export const discountGuesses = tenantTable(
  ordersSchema,
  'discount_guesses',
  {
    /** A hash of the customer, or of a visitor's address. */
    guesser: text().notNull(),
    since: instant().notNull(),
    misses: integer().notNull(),
  },
  undefined,
  { key: ['guesser'] },
);

/** What became of the codes that other domains asked for. */
export const discountCodeRequests = tenantTable(
  ordersSchema,
  'discount_code_requests',
  {
    requester: text().notNull(),
    key: text().notNull(),
    discountId: typeId('dsc'),
    codeId: typeId('dcd'),
    refusal: text(),
    createdAt: timestamps.createdAt,
  },
  undefined,
  { key: ['requester', 'key'] },
);

export type DiscountRow = typeof discounts.$inferSelect;
export type DiscountAmountRow = typeof discountAmounts.$inferSelect;
export type DiscountCodeRow = typeof discountCodes.$inferSelect;
export type DiscountCodeBatchRow = typeof discountCodeBatches.$inferSelect;
export type DiscountRedemptionRow = typeof discountRedemptions.$inferSelect;
