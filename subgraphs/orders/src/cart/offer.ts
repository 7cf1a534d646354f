import { SecretRejected, type Sealer } from '@storegraph/auth';
import { decodeJson, encodeJson, fail, ok, type Result, type StoreId } from '@storegraph/core';
import { z } from 'zod';

/**
 * A price that the store stands by, until it expires: goods, or a way of shipping. The store's own server has it sealed (AES-256-GCM, bound to the
 * store), and a shopper's front end hands it in as it is: what is in a cart costs what the store said, whoever fills it.
 */
export type Offer = GoodsOffer | ShippingOffer;

interface Terms {
  readonly currency: string;
  /** In minor units. */
  readonly price: bigint;
  readonly expiresAt: Date;
}

export interface GoodsOffer extends Terms {
  readonly kind: 'GOODS';
  readonly sku: string | null;
  readonly name: string;
  readonly productId: string | null;
  readonly variantId: string | null;
  readonly imageUrl: string | null;
  /** Hundredths of a percent. */
  readonly taxRate: number;
  readonly taxIncluded: boolean;
  readonly maxQuantity: number;
}

export interface ShippingOffer extends Terms {
  readonly kind: 'SHIPPING';
  readonly name: string;
}

const terms = { currency: z.string(), price: z.bigint(), expiresAt: z.date() };
const sealedOffer = z.discriminatedUnion('kind', [
  z.object({
    ...terms,
    kind: z.literal('GOODS'),
    sku: z.string().nullable(),
    name: z.string(),
    productId: z.string().nullable(),
    variantId: z.string().nullable(),
    imageUrl: z.string().nullable(),
    taxRate: z.int(),
    taxIncluded: z.boolean(),
    maxQuantity: z.int(),
  }),
  z.object({ ...terms, kind: z.literal('SHIPPING'), name: z.string() }),
]);

const place = (storeId: StoreId): string => `${storeId}|orders|offer`;

export const sealOffer = (sealer: Sealer, storeId: StoreId, offer: Offer): string => sealer.seal(encodeJson(offer), place(storeId));

export type OfferCode = 'OFFER_INVALID' | 'OFFER_EXPIRED' | 'CURRENCY_MISMATCH';

/** Opens an offer of that kind which still stands. Another store's is as good as none. */
export function openOffer<Kind extends Offer['kind']>(
  sealer: Sealer,
  storeId: StoreId,
  sealed: string,
  { kind, currency, now }: { readonly kind: Kind; readonly currency: string; readonly now: Date },
): Result<Extract<Offer, { kind: Kind }>, OfferCode> {
  const offer = opened(sealer, storeId, sealed);
  if (offer?.kind !== kind) return fail('OFFER_INVALID', 'This is no offer of the store.', ['offer']);
  if (offer.expiresAt <= now) return fail('OFFER_EXPIRED', 'The store stands by this offer no more: get it again.', ['offer']);
  if (offer.currency !== currency) return fail('CURRENCY_MISMATCH', `The cart is in ${currency}.`, ['offer']);
  return ok(offer as Extract<Offer, { kind: Kind }>);
}

function opened(sealer: Sealer, storeId: StoreId, sealed: string): Offer | undefined {
  try {
    return sealedOffer.parse(decodeJson(sealer.open(sealed, place(storeId))));
  } catch (error) {
    if (error instanceof SecretRejected) return undefined;
    throw error;
  }
}

/** What an offer is of: two of the same make one line. */
export const offerKey = ({ variantId, sku, productId, name }: GoodsOffer): string =>
  variantId !== null ? `v:${variantId}` : sku !== null ? `s:${sku}` : productId !== null ? `p:${productId}` : `n:${name}`;
