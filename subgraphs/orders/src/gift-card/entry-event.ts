import { money, type Id } from '@storegraph/core';
import {
  giftCardAdjusted,
  giftCardCaptured,
  giftCardDisabled,
  giftCardEnabled,
  giftCardExpired,
  giftCardExpirySet,
  giftCardHeld,
  giftCardRefunded,
  giftCardReleased,
  type DraftEvent,
} from '@storegraph/events';
import type { GiftCardEntryRow, GiftCardRow } from './tables.ts';

/** What stands in every event of a card. */
export const stampOf = ({ id: giftCardId, version: giftCardVersion, customerId, balance, held, currency }: GiftCardRow) => ({
  giftCardId,
  giftCardVersion,
  customerId,
  balance: money(balance, currency),
  held: money(held, currency),
});

type Facts = Pick<GiftCardEntryRow, 'kind' | 'amount' | 'held'> & Partial<Pick<GiftCardEntryRow, 'orderId' | 'holdId' | 'refundId'>>;

/** The event that tells of an entry. A card that is issued, or gets a new code, tells more than that, and does so itself. */
export function entryEvent(card: GiftCardRow, { kind, amount, held, orderId, holdId, refundId }: Facts): DraftEvent {
  const stamp = stampOf(card);
  const inCurrency = (value: bigint) => money(value < 0n ? -value : value, card.currency);
  const use = () => ({ ...stamp, amount: inCurrency(held), orderId: named(orderId), holdId: named(holdId) });
  switch (kind) {
    case 'HOLD':
      return giftCardHeld(use());
    case 'CAPTURE':
      return giftCardCaptured(use());
    case 'RELEASE':
      return giftCardReleased(use());
    case 'REFUND':
      return giftCardRefunded({
        ...stamp,
        amount: inCurrency(amount),
        orderId: named(orderId),
        refundId: named(refundId),
        expiresAt: card.expiresAt,
      });
    case 'ADJUST':
      return giftCardAdjusted({ ...stamp, amount: money(amount, card.currency) });
    case 'EXPIRE':
      return giftCardExpired({ ...stamp, amount: inCurrency(amount) });
    case 'EXPIRY_SET':
      return giftCardExpirySet({ ...stamp, expiresAt: card.expiresAt });
    case 'DISABLE':
      return giftCardDisabled(stamp);
    case 'ENABLE':
      return giftCardEnabled(stamp);
    case 'ISSUE':
    case 'CODE_REPLACE':
      throw new Error(`The event of ${kind} carries a code`);
  }
}

function named<Prefix extends string>(id: Id<Prefix> | null | undefined): Id<Prefix> {
  if (!id) throw new Error('An entry of an order names it');
  return id;
}
