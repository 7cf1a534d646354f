import { cartAbandoned, defineReaction, giftCardCodeReplaced, giftCardIssued } from '@storegraph/events';
import { storefrontLink } from './links.ts';
import { notify } from './notify.ts';
import { webAddress, written } from './orders.ts';

/** Sends a gift card, or tells of store credit, to whom it is for. The code goes to nobody else. */
export const mailGiftCards = defineReaction({
  name: 'messaging.mail-gift-cards',
  kind: 'effect',
  on: [giftCardIssued, giftCardCodeReplaced],
  handle: async (tx, event, services) => {
    const { payload, personal, secret } = event;
    // A card of which the code is gone is of no use to its recipient; store credit has none.
    if (personal?.recipientEmail == null || (payload.lastFour !== null && secret === null)) return;
    await notify(tx, event, services, {
      code: 'gift-card',
      to: { email: personal.recipientEmail, name: personal.recipientName },
      language: null,
      customerId: payload.customerId,
      relatedTo: { kind: 'GiftCard', id: payload.giftCardId },
      confidential: true,
      values: {
        recipientName: personal.recipientName,
        senderName: personal.senderName,
        message: personal.message,
        balance: written(payload.balance),
        code: secret,
        lastFour: payload.lastFour,
        expiresAt: event.type === 'giftCard.issued' ? event.payload.expiresAt : null,
        link: await storefrontLink(tx, '/'),
      },
    });
  },
});

/** Reminds a shopper of what they left. */
export const mailAbandonedCarts = defineReaction({
  name: 'messaging.mail-abandoned-carts',
  kind: 'effect',
  on: [cartAbandoned],
  handle: async (tx, event, services) => {
    const { payload, personal, secret } = event;
    if (personal?.email == null) return;
    const outside = webAddress(personal.recoveryUrl);
    if (outside === null && secret === null) return;
    await notify(tx, event, services, {
      code: 'cart-abandoned',
      to: { email: personal.email, name: personal.name },
      language: null,
      customerId: payload.customerId,
      relatedTo: { kind: 'Cart', id: payload.cartId },
      confidential: true,
      values: {
        name: personal.name,
        goods: personal.goods.map(({ name, quantity }) => ({ name, quantity })),
        total: written(payload.total),
        link: outside ?? (await storefrontLink(tx, '/cart/recover', { token: secret ?? '' })),
      },
    });
  },
});
