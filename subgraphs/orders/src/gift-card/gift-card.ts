import { transition, type Transition } from '../order/order.ts';

export const giftCardKinds = ['GIFT_CARD', 'STORE_CREDIT'] as const;
export type GiftCardKind = (typeof giftCardKinds)[number];

export type GiftCardStatus = 'ACTIVE' | 'EXPIRED' | 'DISABLED' | 'USED';

export const giftCardEntryKinds = [
  'ISSUE',
  'HOLD',
  'RELEASE',
  'CAPTURE',
  'REFUND',
  'ADJUST',
  'EXPIRE',
  'DISABLE',
  'ENABLE',
  'EXPIRY_SET',
  'CODE_REPLACE',
] as const;
export type GiftCardEntryKind = (typeof giftCardEntryKinds)[number];

/** A card holds at most this, so that a store's sums can still be told exactly: 10^13 minor units. */
export const maxBalance = 10n ** 13n;

/** Money that comes back to a card that has expired makes it good for this long again: what came back late is not lost to its owner. */
const graceMs = 90 * 24 * 60 * 60 * 1000;

export interface GiftCardFacts {
  readonly kind: GiftCardKind;
  readonly balance: bigint;
  readonly held: bigint;
  readonly expiresAt: Date | null;
  readonly disabledAt: Date | null;
}

export const isExpired = ({ expiresAt }: Pick<GiftCardFacts, 'expiresAt'>, now: Date): boolean => expiresAt !== null && expiresAt <= now;

/** Nothing of it is stored: a card past its expiry is expired whatever ran or did not run at that moment. */
export function giftCardStatusOf(card: GiftCardFacts, now: Date): GiftCardStatus {
  if (card.disabledAt) return 'DISABLED';
  if (isExpired(card, now)) return 'EXPIRED';
  return card.balance === 0n ? 'USED' : 'ACTIVE';
}

/** What can still be promised to an order. */
export const available = ({ balance, held }: Pick<GiftCardFacts, 'balance' | 'held'>): bigint => balance - held;

export type UseRefusal = 'DISABLED' | 'EXPIRED' | 'INSUFFICIENT_BALANCE';

function useRefusal(card: GiftCardFacts, now: Date): UseRefusal | null {
  if (card.disabledAt) return 'DISABLED';
  if (isExpired(card, now)) return 'EXPIRED';
  return available(card) === 0n ? 'INSUFFICIENT_BALANCE' : null;
}

/** When a card is good until, once money has come back to it: refunded, or promised to an order that did not take it. */
export const expiryAfterReturn = (card: Pick<GiftCardFacts, 'expiresAt'>, at: Date): Date | null =>
  isExpired(card, at) ? new Date(at.getTime() + graceMs) : card.expiresAt;

/** What can be done with a card now, by the name of its mutation, and the code with which that mutation would refuse. */
export const giftCardTransitions = (card: GiftCardFacts, now: Date): Transition[] => [
  transition('orderGiftCardApply', useRefusal(card, now)),
  transition('giftCardAdjust', null),
  transition('giftCardExpirySet', null),
  transition('giftCardDisable', card.disabledAt ? 'ALREADY_DISABLED' : null),
  transition('giftCardEnable', card.disabledAt ? null : 'NOT_DISABLED'),
  transition('giftCardCodeReplace', card.kind === 'GIFT_CARD' ? null : 'HAS_NO_CODE'),
];
