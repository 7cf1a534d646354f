import { z } from 'zod';
import { defineEvent } from '../../contract.ts';
import { idOf, moneyOf } from '../../schemas.ts';
import { contact } from './parts.ts';

const ofCart = { cartId: idOf('crt'), customerId: idOf('cus').nullable() };
const cart = (payload: { cartId: `crt_${string}` }) => payload.cartId;
/** Somebody unknown is found by the cart. */
const person = (payload: { cartId: `crt_${string}`; customerId: `cus_${string}` | null }) => payload.customerId ?? payload.cartId;

export const cartAbandoned = defineEvent({
  type: 'cart.abandoned',
  version: 1,
  producer: 'orders',
  description:
    'Nothing was done for a while to a cart with goods in it, of somebody who can be written to: at most once of each cart. The shopper comes back by `recoveryUrl`, if an outside shop system keeps the cart, or else by its secret: `cartRecover` takes it, until the cart has become an order or has expired.',
  aggregate: cart,
  subject: person,
  secretFor: 'messaging',
  payload: z.object({ ...ofCart, total: moneyOf, units: z.int().positive(), changedAt: z.date(), expiresAt: z.date() }),
  personal: contact.extend({
    goods: z.array(z.object({ name: z.string(), quantity: z.int().positive(), imageUrl: z.string().nullable() })),
    /** Where an outside shop system, which keeps the cart, opens it again: then the shopper is sent there, and not to the secret. */
    recoveryUrl: z.string().nullable().default(null),
  }),
});

export const cartRecovered = defineEvent({
  type: 'cart.recovered',
  version: 1,
  producer: 'orders',
  description: 'The shopper has come back to an abandoned cart, by its link, by changing it or by ordering: once for each cart.',
  aggregate: cart,
  payload: z.object({ ...ofCart, byLink: z.boolean() }),
});

export const cartCheckedOut = defineEvent({
  type: 'cart.checkedOut',
  version: 1,
  producer: 'orders',
  description: 'A cart has become an order. `recovered` tells whether it had been abandoned before.',
  aggregate: cart,
  payload: z.object({ ...ofCart, orderId: idOf('ord'), total: moneyOf, recovered: z.boolean() }),
});
