import type { IdentityKind } from '@storegraph/auth';
import { instant, tenantTable, timestamps, typeId } from '@storegraph/database';
import { sql } from 'drizzle-orm';
import { bigint, integer, text } from 'drizzle-orm/pg-core';
import { ordersSchema } from '../schema.ts';
import type { GiftCardEntryKind, GiftCardKind } from './gift-card.ts';

// Constraints, indexes and policies stand in drizzle/orders/0007_create_gift_cards.sql. Every amount is in minor units of the card's currency.
const amount = () => bigint({ mode: 'bigint' });

/** What a store owes to whoever holds the card. Store credit is the same without a code, and belongs to a customer. */
export const giftCards = tenantTable(
  ordersSchema,
  'gift_cards',
  {
    id: typeId('gft').notNull(),
    kind: text().$type<GiftCardKind>().notNull(),
    /** The only customer who may use it; null for a card that anybody may use who has its code. */
    customerId: typeId('cus'),
    /** HMAC-SHA-256 of the code under the store's key: finds the card, and tells nobody the code. Null for store credit. */
    codeHash: text(),
    lastFour: text(),
    currency: text().notNull(),
    initial: amount().notNull(),
    /** The sum of the entries' amounts, what is held included. */
    balance: amount().notNull(),
    /** The sum of the entries' held amounts: promised to orders and not captured. */
    held: amount().notNull(),
    /** Grows by one with each entry, and is its sequence. */
    version: integer().notNull(),
    /** From this moment on it can't be used. What was held before can still be captured. */
    expiresAt: instant(),
    disabledAt: instant(),
    recipientName: text(),
    /** The same in lower case and of the C collation, so that a range finds how it begins. */
    searchName: text().generatedAlwaysAs(sql`lower(recipient_name)`),
    /** In lower case. */
    recipientEmail: text(),
    senderName: text(),
    message: text(),
    /** For staff only. */
    note: text(),
    tags: text()
      .array()
      .notNull()
      .default(sql`'{}'`),
    /** Who asked for it by an event, and under which key: each is answered once. */
    requester: text(),
    requestKey: text(),
    issuedAt: instant().notNull(),
    ...timestamps,
  },
  undefined,
  { customer: 'customerId' },
);

/** All that ever happened to a card: append-only. */
export const giftCardEntries = tenantTable(
  ordersSchema,
  'gift_card_entries',
  {
    id: typeId('gfe').notNull(),
    cardId: typeId('gft').notNull(),
    customerId: typeId('cus'),
    sequence: integer().notNull(),
    kind: text().$type<GiftCardEntryKind>().notNull(),
    /** What it adds to the balance, and to what is held. */
    amount: amount().notNull(),
    held: amount().notNull(),
    /** The balance once it is added. */
    balance: amount().notNull(),
    orderId: typeId('ord'),
    holdId: typeId('gfh'),
    refundId: typeId('rfd'),
    /** For staff only. */
    reason: text(),
    actorKind: text().$type<IdentityKind>().notNull(),
    actorId: text(),
    occurredAt: instant().notNull(),
  },
  undefined,
  { customer: 'customerId' },
);

/** What a card has promised to an order. One for each payment by gift card. */
export const giftCardHolds = tenantTable(
  ordersSchema,
  'gift_card_holds',
  {
    id: typeId('gfh').notNull(),
    cardId: typeId('gft').notNull(),
    orderId: typeId('ord').notNull(),
    customerId: typeId('cus'),
    amount: amount().notNull(),
    captured: amount().notNull(),
    /** When what was not captured went back to the card. */
    releasedAt: instant(),
    createdAt: timestamps.createdAt,
  },
  undefined,
  { customer: 'customerId' },
);

/**
 * What all cards of a store add up to: the sum of these rows. Each entry adds one, so that no two cards wait for each other, and a job folds
 * them into few.
 */
export const giftCardTotals = tenantTable(
  ordersSchema,
  'gift_card_totals',
  {
    id: typeId('gfs').notNull(),
    currency: text().notNull(),
    kind: text().$type<GiftCardKind>().notNull(),
    /** Cards with a balance. */
    cards: bigint({ mode: 'bigint' }).notNull(),
    balance: amount().notNull(),
    held: amount().notNull(),
  },
  undefined,
);

/** The key of a store's code hashes, sealed: without it a stolen hash can't even be guessed at. */
export const giftCardKeys = tenantTable(ordersSchema, 'gift_card_keys', { keySealed: text().notNull() }, undefined, { key: [] });

/** How many codes somebody has tried in vain lately, by the address they came from or by who they are; `*` for the store as a whole. */
export const giftCardGuesses = tenantTable(
  ordersSchema,
  'gift_card_guesses',
  {
    guesser: text().notNull(),
    misses: integer().notNull(),
    /** When the counting began. */
    since: instant().notNull(),
  },
  undefined,
  { key: ['guesser'] },
);

/** How a store treats its cards. */
export const giftCardSettings = tenantTable(
  ordersSchema,
  'gift_card_settings',
  {
    /** Days after a card's expiry at which what is left of it is written off. Null: never. */
    forfeitAfterDays: integer(),
  },
  undefined,
  { key: [] },
);

export type GiftCardRow = typeof giftCards.$inferSelect;
export type GiftCardEntryRow = typeof giftCardEntries.$inferSelect;
export type GiftCardHoldRow = typeof giftCardHolds.$inferSelect;
