import { fail, isRefusal, ok, type Result } from '@storegraph/core';
import { currency, text, validate, type Context, type InputCode } from '@storegraph/subgraph';
import { z } from 'zod';
import { amount, maxTotal, quantity, webAddress } from '../../input.ts';
import { storeSettings } from '../../store/settings.ts';
import { sealOffer, type Offer } from '../offer.ts';

const terms = { currency: currency.nullish(), price: amount.max(maxTotal, { error: 'Is too high.' }), expiresAt: z.date() };
const goods = z.object({
  ...terms,
  sku: text(100).nullish(),
  name: text(500),
  productId: text(100).nullish(),
  variantId: text(100).nullish(),
  imageUrl: webAddress.nullish(),
  taxRate: z.int().min(0, { error: 'Must not be negative.' }).max(10_000, { error: 'Must be at most 10,000.' }).nullish(),
  taxIncluded: z.boolean().nullish(),
  maxQuantity: quantity.nullish(),
});
const shipping = z.object({ ...terms, name: text(200) });
const schema = z.object({ goods: z.array(goods).max(100).nullish(), shipping: z.array(shipping).max(100).nullish() });

const longestMs = 30 * 24 * 60 * 60_000;

export interface SealedOffers {
  readonly goods: readonly string[];
  readonly shipping: readonly string[];
}

/** Seals prices that the store stands by for a while, in the order in which they are given. Nothing is stored. */
export async function cartOffersCreate(ctx: Context, given: unknown): Promise<Result<{ offers: SealedOffers }, InputCode>> {
  const checked = validate(schema, given);
  if (isRefusal(checked)) return checked;
  const { identity, clock, db, services } = ctx;
  const { storeId } = identity;
  if (storeId === null) throw new Error('Whoever makes offers works in a store.');
  const now = clock.now();
  const asked = { goods: checked.value.goods ?? [], shipping: checked.value.shipping ?? [] };
  for (const [kind, list] of Object.entries(asked)) {
    const wrong = list.findIndex(({ expiresAt }) => expiresAt <= now || expiresAt.getTime() > now.getTime() + longestMs);
    if (wrong >= 0) return fail('INVALID', 'Must be in the future, and within 30 days.', [kind, String(wrong), 'expiresAt']);
  }
  const known = await db.read((tx) => storeSettings(tx));
  const unnamed = Object.entries(asked).flatMap(([kind, list]) =>
    list.flatMap((offer, at) => (offer.currency ? [] : [[kind, String(at), 'currency']])),
  );
  if (!known && unnamed[0]) return fail('REQUIRED', "The store's currency is not known yet: name one.", unnamed[0]);
  const seal = (offer: Offer) => sealOffer(services.sealer, storeId, offer);
  const currencyOf = (named: string | null | undefined) => named ?? known?.currency ?? '';
  return ok({
    offers: {
      goods: asked.goods.map((offer) =>
        seal({
          kind: 'GOODS',
          currency: currencyOf(offer.currency),
          price: offer.price,
          expiresAt: offer.expiresAt,
          sku: offer.sku ?? null,
          name: offer.name,
          productId: offer.productId ?? null,
          variantId: offer.variantId ?? null,
          imageUrl: offer.imageUrl ?? null,
          taxRate: offer.taxRate ?? 0,
          taxIncluded: offer.taxIncluded ?? false,
          maxQuantity: offer.maxQuantity ?? 1_000,
        }),
      ),
      shipping: asked.shipping.map(({ currency: named, price, expiresAt, name }) =>
        seal({ kind: 'SHIPPING', currency: currencyOf(named), price, expiresAt, name }),
      ),
    },
  });
}
