import { z } from 'zod';
import { anyDomain, defineEvent } from '../../contract.ts';
import { idOf, moneyOf } from '../../schemas.ts';
import { ofRequest, request } from './parts.ts';

// Every event of a card carries its version, which grows by one with each: a consumer sees at once whether it missed one.
const ofCard = {
  giftCardId: idOf('gft'),
  giftCardVersion: z.int().positive(),
  customerId: idOf('cus').nullable(),
  /** What the card holds now, and how much of that is promised to orders. */
  balance: moneyOf,
  held: moneyOf,
};
const card = (payload: { giftCardId: `gft_${string}` }) => payload.giftCardId;
/** A recipient who is no customer is found by the card, having nobody else to name. */
const person = (payload: { giftCardId: `gft_${string}`; customerId: `cus_${string}` | null }) => payload.customerId ?? payload.giftCardId;
const recipient = z.object({
  recipientName: z.string().nullable(),
  recipientEmail: z.string().nullable(),
  senderName: z.string().nullable(),
  message: z.string().nullable(),
});
const kind = z.enum(['GIFT_CARD', 'STORE_CREDIT']);

export const giftCardRequested = defineEvent({
  type: 'giftCard.requested',
  version: 1,
  producer: anyDomain,
  description:
    'A domain asks for a gift card or store credit, on its own terms. One is issued for each key of a requester, and told to it.',
  aggregate: request,
  subject: (payload) => payload.terms.customerId ?? request(payload),
  payload: z.object({
    ...ofRequest,
    terms: z.object({
      kind,
      amount: moneyOf,
      /** The only customer who may use it. Store credit needs one. */
      customerId: idOf('cus').nullable(),
      expiresAt: z.date().nullable(),
    }),
  }),
  personal: recipient,
});

export const giftCardIssued = defineEvent({
  type: 'giftCard.issued',
  version: 1,
  producer: 'orders',
  description: 'A gift card or store credit has been issued. The code is for whoever mails it, and shown to nobody else.',
  aggregate: card,
  subject: person,
  secretFor: 'messaging',
  payload: z.object({
    ...ofCard,
    kind,
    lastFour: z.string().nullable(),
    expiresAt: z.date().nullable(),
    /** Who asked for it by giftCard.requested, and under which key. */
    requester: z.string().nullable(),
    key: z.string().nullable(),
  }),
  personal: recipient,
});

export const giftCardRefused = defineEvent({
  type: 'giftCard.refused',
  version: 1,
  producer: 'orders',
  description: 'A gift card that a domain has asked for is not given.',
  aggregate: request,
  payload: z.object({ ...ofRequest, reason: z.enum(['INVALID_TERMS', 'UNKNOWN_CURRENCY', 'ALREADY_EXPIRED', 'CUSTOMER_REQUIRED']) }),
});

export const giftCardCodeReplaced = defineEvent({
  type: 'giftCard.codeReplaced',
  version: 1,
  producer: 'orders',
  description: 'A gift card has a new code; the one before is good no more. The code is for whoever mails it.',
  aggregate: card,
  subject: person,
  secretFor: 'messaging',
  payload: z.object({ ...ofCard, lastFour: z.string() }),
  personal: recipient,
});

const ofUse = { ...ofCard, amount: moneyOf, orderId: idOf('ord'), holdId: idOf('gfh') };

export const giftCardHeld = defineEvent({
  type: 'giftCard.held',
  version: 1,
  producer: 'orders',
  description: 'A part of a gift card is promised to an order.',
  aggregate: card,
  payload: z.object(ofUse),
});

export const giftCardCaptured = defineEvent({
  type: 'giftCard.captured',
  version: 1,
  producer: 'orders',
  description: 'What a gift card had promised to an order has been taken.',
  aggregate: card,
  payload: z.object(ofUse),
});

export const giftCardReleased = defineEvent({
  type: 'giftCard.released',
  version: 1,
  producer: 'orders',
  description: 'What a gift card had promised to an order has gone back to the card.',
  aggregate: card,
  payload: z.object(ofUse),
});

export const giftCardRefunded = defineEvent({
  type: 'giftCard.refunded',
  version: 1,
  producer: 'orders',
  description: 'A refund has gone back to the gift card that it was paid with. One that had expired is good for some time again.',
  aggregate: card,
  payload: z.object({ ...ofCard, amount: moneyOf, orderId: idOf('ord'), refundId: idOf('rfd'), expiresAt: z.date().nullable() }),
});

export const giftCardAdjusted = defineEvent({
  type: 'giftCard.adjusted',
  version: 1,
  producer: 'orders',
  description: 'Staff have changed the balance of a gift card.',
  aggregate: card,
  payload: z.object({ ...ofCard, amount: moneyOf }),
});

export const giftCardExpired = defineEvent({
  type: 'giftCard.expired',
  version: 1,
  producer: 'orders',
  description: "What was left of an expired gift card has been written off, by the store's policy.",
  aggregate: card,
  payload: z.object({ ...ofCard, amount: moneyOf }),
});

export const giftCardExpirySet = defineEvent({
  type: 'giftCard.expirySet',
  version: 1,
  producer: 'orders',
  description: 'A gift card is good until another day, or for good.',
  aggregate: card,
  payload: z.object({ ...ofCard, expiresAt: z.date().nullable() }),
});

export const giftCardDisabled = defineEvent({
  type: 'giftCard.disabled',
  version: 1,
  producer: 'orders',
  description: 'A gift card can be used no more until it is enabled.',
  aggregate: card,
  payload: z.object(ofCard),
});

export const giftCardEnabled = defineEvent({
  type: 'giftCard.enabled',
  version: 1,
  producer: 'orders',
  description: 'A gift card that was disabled can be used again.',
  aggregate: card,
  payload: z.object(ofCard),
});
