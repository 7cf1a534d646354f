import { fail, isRefusal, newId, ok, type Result } from '@storegraph/core';
import { first, own, owned, storeOf, type Tx } from '@storegraph/database';
import { text, validate, type Context } from '@storegraph/subgraph';
import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { quantity } from '../../input.ts';
import { cartKeyShape } from '../access.ts';
import { mostLines } from '../cart.ts';
import { changeCart } from '../change.ts';
import { offerKey, openOffer, type GoodsOffer } from '../offer.ts';
import { cartLines, type CartRow } from '../tables.ts';

const schema = z.object({ ...cartKeyShape, offer: text(8_000), quantity: quantity.nullish() });

/** Puts goods into a cart at the price that the store offers. The same goods again add to their line, at the newer price. */
export async function cartLineAdd(ctx: Context, given: unknown) {
  const checked = validate(schema, given);
  if (isRefusal(checked)) return checked;
  const { offer: sealed, quantity: units, ...key } = checked.value;
  return changeCart(ctx, key, async (tx, cart, now) => {
    const offer = openOffer(ctx.services.sealer, storeOf(tx), sealed, { kind: 'GOODS', currency: cart.currency, now });
    if (isRefusal(offer)) return offer;
    if (cart.taxIncluded !== null && cart.taxIncluded !== offer.value.taxIncluded)
      return fail('TAX_MISMATCH', 'Prices with and without tax do not go into one cart.', ['offer']);
    const put = await putIn(tx, cart, offer.value, units ?? 1);
    return isRefusal(put) ? put : ok({ taxIncluded: offer.value.taxIncluded });
  });
}

async function putIn(
  tx: Tx,
  cart: CartRow,
  offer: GoodsOffer,
  units: number,
): Promise<Result<undefined, 'QUANTITY_TOO_HIGH' | 'TOO_MANY_LINES'>> {
  const key = offerKey(offer);
  const isIt = own(tx, cartLines, and(eq(cartLines.cartId, cart.id), eq(cartLines.offerKey, key)));
  const there = first(await tx.select({ quantity: cartLines.quantity }).from(cartLines).where(isIt));
  const total = (there?.quantity ?? 0) + units;
  if (total > offer.maxQuantity) return fail('QUANTITY_TOO_HIGH', `At most ${offer.maxQuantity} can be had.`, ['quantity']);
  const { sku, name, productId, variantId, imageUrl, price: unitPrice, taxRate, maxQuantity, expiresAt: offerExpiresAt } = offer;
  const values = { sku, name, productId, variantId, imageUrl, unitPrice, taxRate, maxQuantity, offerExpiresAt, quantity: total };
  if (there) {
    await tx.update(cartLines).set(values).where(isIt);
    return ok(undefined);
  }
  if ((await tx.$count(cartLines, own(tx, cartLines, eq(cartLines.cartId, cart.id)))) >= mostLines)
    return fail('TOO_MANY_LINES', `A cart takes at most ${mostLines} different things.`);
  await tx.insert(cartLines).values(owned(tx, { id: newId('crl'), cartId: cart.id, offerKey: key, ...values }));
  return ok(undefined);
}
