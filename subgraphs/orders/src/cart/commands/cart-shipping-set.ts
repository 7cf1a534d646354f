import { isRefusal, ok } from '@storegraph/core';
import { storeOf } from '@storegraph/database';
import { text, validate, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import { cartKeyShape } from '../access.ts';
import { changeCart } from '../change.ts';
import { openOffer } from '../offer.ts';

const schema = z.object({ ...cartKeyShape, offer: text(8_000).nullish() });

/** Chooses a way of shipping at the price that the store offers; null chooses none. */
export async function cartShippingSet(ctx: Context, given: unknown) {
  const checked = validate(schema, given);
  if (isRefusal(checked)) return checked;
  const { offer: sealed, ...key } = checked.value;
  return changeCart(ctx, key, (tx, cart, now) => {
    if (!sealed) return Promise.resolve(ok({ shippingName: null, shippingPrice: 0n, shippingExpiresAt: null }));
    const offer = openOffer(ctx.services.sealer, storeOf(tx), sealed, { kind: 'SHIPPING', currency: cart.currency, now });
    if (isRefusal(offer)) return Promise.resolve(offer);
    const { name: shippingName, price: shippingPrice, expiresAt: shippingExpiresAt } = offer.value;
    return Promise.resolve(ok({ shippingName, shippingPrice, shippingExpiresAt }));
  });
}
