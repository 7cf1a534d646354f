import { fail, newId, ok, type Id, type Result } from '@storegraph/core';
import { first, one, own, owned, type Tx } from '@storegraph/database';
import { emit, type DraftEvent } from '@storegraph/events';
import { asc, eq, inArray, sql } from 'drizzle-orm';
import { available, expiryAfterReturn, isExpired } from './gift-card.ts';
import { entryEvent } from './entry-event.ts';
import {
  giftCardEntries,
  giftCardHolds,
  giftCards,
  giftCardTotals,
  type GiftCardEntryRow,
  type GiftCardHoldRow,
  type GiftCardRow,
} from './tables.ts';

export interface Move extends Partial<Pick<GiftCardEntryRow, 'orderId' | 'holdId' | 'refundId' | 'reason'>> {
  readonly kind: GiftCardEntryRow['kind'];
  /** Added to the balance. */
  readonly amount?: bigint;
  /** Added to what is held. */
  readonly held?: bigint;
  readonly at: Date;
  /** What else changes on the card. */
  readonly set?: Partial<Pick<GiftCardRow, 'expiresAt' | 'disabledAt' | 'codeHash' | 'lastFour'>>;
  /** Instead of the usual event of such an entry. */
  readonly event?: (card: GiftCardRow) => DraftEvent;
}

/** Takes a card for this transaction: every change of it begins here, after the order and its payments. */
export async function lockCard(tx: Tx, id: Id<'gft'>): Promise<GiftCardRow | undefined> {
  return (await lockCards(tx, [id])).get(id);
}

/** Takes several cards, in the order of their ids, so that two transactions can't wait for each other. */
export async function lockCards(tx: Tx, ids: readonly Id<'gft'>[]): Promise<ReadonlyMap<Id<'gft'>, GiftCardRow>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .select()
    .from(giftCards)
    .where(own(tx, giftCards, inArray(giftCards.id, [...new Set(ids)])))
    .orderBy(asc(giftCards.id))
    .for('update');
  return new Map(rows.map((row) => [row.id, row]));
}

/** Adds an entry to a card that has been locked, and to the totals of the store; tells it. The database refuses what would go below zero. */
export async function post(
  tx: Tx,
  card: GiftCardRow,
  { kind, amount = 0n, held = 0n, at, set = {}, event, ...about }: Move,
): Promise<GiftCardRow> {
  const changed = one(
    await tx
      .update(giftCards)
      .set({
        ...set,
        balance: sql`${giftCards.balance} + ${String(amount)}::bigint`,
        held: sql`${giftCards.held} + ${String(held)}::bigint`,
        version: sql`${giftCards.version} + 1`,
      })
      .where(own(tx, giftCards, eq(giftCards.id, card.id)))
      .returning(),
  );
  await note(tx, changed, { kind, amount, held, at, ...about });
  await emit(tx, { ...(event?.(changed) ?? entryEvent(changed, { kind, amount, held, ...about })), occurredAt: at });
  return changed;
}

/** Writes the entry of a card that has just become what it is, and what it adds to the totals. */
export async function note(
  tx: Tx,
  card: GiftCardRow,
  { kind, amount = 0n, held = 0n, at, ...about }: Omit<Move, 'set' | 'event'>,
): Promise<void> {
  const { kind: actorKind, subjectId: actorId } = tx.scope.identity;
  await tx.insert(giftCardEntries).values(
    owned(tx, {
      id: newId('gfe'),
      cardId: card.id,
      customerId: card.customerId,
      sequence: card.version,
      kind,
      amount,
      held,
      balance: card.balance,
      orderId: about.orderId ?? null,
      holdId: about.holdId ?? null,
      refundId: about.refundId ?? null,
      reason: about.reason ?? null,
      actorKind,
      actorId,
      occurredAt: at,
    }),
  );
  if (amount === 0n && held === 0n) return;
  const before = card.balance - amount;
  const cards = (card.balance > 0n ? 1n : 0n) - (before > 0n ? 1n : 0n);
  await tx
    .insert(giftCardTotals)
    .values(owned(tx, { id: newId('gfs'), currency: card.currency, kind: card.kind, cards, balance: amount, held }));
}

export interface HoldRequest {
  readonly cardId: Id<'gft'>;
  readonly amount: bigint;
  readonly currency: string;
  readonly orderId: Id<'ord'>;
  /** The order's: a card that is somebody's is nobody else's. */
  readonly customerId: Id<'cus'> | null;
  readonly at: Date;
}

export type HoldRefusal = 'NOT_FOUND' | 'EXPIRED' | 'DISABLED' | 'CURRENCY_MISMATCH' | 'INSUFFICIENT_BALANCE';

/** Promises an amount of the card to an order. Another customer's card is refused as a missing one. */
export async function holdGiftCard(
  tx: Tx,
  { cardId, amount, currency, orderId, customerId, at }: HoldRequest,
): Promise<Result<{ holdId: Id<'gfh'>; amount: bigint }, HoldRefusal>> {
  const card = await lockCard(tx, cardId);
  if (!card || (card.customerId !== null && card.customerId !== customerId)) return fail('NOT_FOUND', 'No such gift card.', ['code']);
  if (card.disabledAt) return fail('DISABLED', 'The gift card is disabled.', ['code']);
  if (isExpired(card, at)) return fail('EXPIRED', 'The gift card has expired.', ['code']);
  if (card.currency !== currency)
    return fail('CURRENCY_MISMATCH', `The gift card is in ${card.currency}, the order in ${currency}.`, ['code']);
  if (amount <= 0n || amount > available(card))
    return fail('INSUFFICIENT_BALANCE', `${available(card)} is left on the gift card.`, ['amount']);

  const holdId = newId('gfh');
  await tx
    .insert(giftCardHolds)
    .values(owned(tx, { id: holdId, cardId, orderId, customerId: card.customerId, amount, captured: 0n, releasedAt: null }));
  await post(tx, card, { kind: 'HOLD', held: amount, orderId, holdId, at });
  return ok({ holdId, amount });
}

/** Takes an amount that the hold has promised, whatever has become of the card since. Throws on more than is left of the hold. */
export async function captureGiftCardHold(
  tx: Tx,
  { holdId, amount, at }: { readonly holdId: Id<'gfh'>; readonly amount: bigint; readonly at: Date },
): Promise<GiftCardRow> {
  const { card, hold } = await lockHold(tx, holdId);
  await tx
    .update(giftCardHolds)
    .set({ captured: hold.captured + amount })
    .where(own(tx, giftCardHolds, eq(giftCardHolds.id, holdId)));
  return post(tx, card, { kind: 'CAPTURE', amount: -amount, held: -amount, orderId: hold.orderId, holdId, at });
}

/**
 * Gives what was promised and not captured back to the card, which is good for some time again where it has expired meanwhile. Does nothing the second
 * time.
 */
export async function releaseGiftCardHold(tx: Tx, { holdId, at }: { readonly holdId: Id<'gfh'>; readonly at: Date }): Promise<GiftCardRow> {
  const { card, hold } = await lockHold(tx, holdId);
  const open = hold.amount - hold.captured;
  if (hold.releasedAt || open === 0n) return card;
  await tx
    .update(giftCardHolds)
    .set({ releasedAt: at })
    .where(own(tx, giftCardHolds, eq(giftCardHolds.id, holdId)));
  return post(tx, card, {
    kind: 'RELEASE',
    held: -open,
    orderId: hold.orderId,
    holdId,
    at,
    set: { expiresAt: expiryAfterReturn(card, at) },
  });
}

export interface Credit {
  readonly cardId: Id<'gft'>;
  readonly amount: bigint;
  readonly orderId: Id<'ord'>;
  readonly refundId: Id<'rfd'>;
  readonly at: Date;
}

/**
 * Gives money back to the card that it came from, whatever has become of it: a card that has expired is good for some time again, one that is
 * disabled keeps the money until it is enabled.
 */
export async function creditGiftCard(tx: Tx, { cardId, amount, orderId, refundId, at }: Credit): Promise<GiftCardRow> {
  const card = await lockCard(tx, cardId);
  if (!card) throw new Error(`There is no gift card ${cardId}`);
  return post(tx, card, { kind: 'REFUND', amount, orderId, refundId, at, set: { expiresAt: expiryAfterReturn(card, at) } });
}

/** The holds by id. */
export async function holdsOf(tx: Tx, ids: readonly Id<'gfh'>[]): Promise<ReadonlyMap<Id<'gfh'>, GiftCardHoldRow>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .select()
    .from(giftCardHolds)
    .where(own(tx, giftCardHolds, inArray(giftCardHolds.id, [...ids])));
  return new Map(rows.map((row) => [row.id, row]));
}

async function lockHold(tx: Tx, holdId: Id<'gfh'>): Promise<{ card: GiftCardRow; hold: GiftCardHoldRow }> {
  const isIt = own(tx, giftCardHolds, eq(giftCardHolds.id, holdId));
  const found = first(await tx.select({ cardId: giftCardHolds.cardId }).from(giftCardHolds).where(isIt));
  const card = found && (await lockCard(tx, found.cardId));
  if (!card) throw new Error(`There is no hold ${holdId}`);
  return { card, hold: one(await tx.select().from(giftCardHolds).where(isIt)) };
}
