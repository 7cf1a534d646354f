import { fail, isRefusal, ok, type Result } from '@storegraph/core';
import { once, type Tx } from '@storegraph/database';
import { currency, idempotencyKey, idOf, multiline, readId, text, validate, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import { cartToConvert, convert, type ConvertCode } from '../../cart/convert.ts';
import { noSuchCustomer, unknownCustomer, untilCustomerKnown } from '../../customer/known.ts';
import { amount, liveSystemName } from '../../input.ts';
import { storeSettings } from '../../store/settings.ts';
import {
  addressOf,
  addressSchema,
  codesSchema,
  contactOf,
  contactSchema,
  customerSchema,
  lineSchema,
  maxLines,
  overDiscounted,
  placedLineOf,
} from '../asked.ts';
import { placeOrder, priced, termsOf, type Placement, type PlaceCode } from '../place.ts';
import type { Placed } from '../reloaded.ts';
import type { OrderRow } from '../tables.ts';

const schema = z.object({
  idempotencyKey,
  customerId: customerSchema.nullish(),
  contact: contactSchema.nullish(),
  currency: currency.nullish(),
  lines: z.array(lineSchema).min(1, { error: 'An order needs a line.' }).max(maxLines),
  discount: amount.nullish(),
  discountLabel: text(200).nullish(),
  discountCodes: codesSchema.nullish(),
  tax: amount.nullish(),
  taxIncluded: z.boolean().nullish(),
  shipping: amount.nullish(),
  billingAddress: addressSchema.nullish(),
  shippingAddress: addressSchema.nullish(),
  customerNote: multiline(5000).nullish(),
  note: multiline(5000).nullish(),
  source: liveSystemName(50).nullish(),
  externalId: text(200).nullish(),
  cartId: idOf('crt').nullish(),
  placedAt: z.date().nullish(),
  expiresAt: z.date().nullish(),
});
type Input = z.output<typeof schema>;

type Code = PlaceCode | ConvertCode | 'REQUIRED' | 'NOT_FOUND' | 'IDEMPOTENCY_KEY_REUSED';

/** Places an order. The answer names it; what is kept under the key holds nothing of the person. */
export async function orderCreate({ db, clock, signal }: Context, given: unknown) {
  const now = clock.now();
  const checked = validate(schema, given);
  if (!checked.ok) return checked;
  const input = checked.value;
  if (input.placedAt && input.placedAt > now) return fail('INVALID', 'Must not be in the future.', ['placedAt']);
  if (input.expiresAt && input.expiresAt <= now) return fail('INVALID', 'Must be in the future.', ['expiresAt']);
  // What is wrong whatever discounts the store gives is refused before a transaction is opened for it.
  const placement = placementOf(input, input.currency ?? '', now);
  const wrong = overDiscounted(placement.lines) ?? priced(placement, { applied: [], refused: [] });
  if (isRefusal(wrong)) return wrong;
  // Nobody has such an id, now or in a moment.
  if (input.customerId === readId('cus', null)) return noSuchCustomer();
  return untilCustomerKnown(signal, () => db.write((tx) => place(tx, input, now)));
}

async function place(tx: Tx, input: Input, now: Date): Promise<Result<Placed, Code>> {
  const [unknown, settings] = await Promise.all([
    input.customerId ? unknownCustomer(tx, input.customerId) : undefined,
    input.currency ? undefined : storeSettings(tx),
  ]);
  // Outside of `once`, which would keep this refusal for good.
  if (unknown) return unknown;
  const code = input.currency ?? settings?.currency;
  if (!code) return fail('REQUIRED', "The store's currency is not known yet: name one.", ['currency']);
  const placement = placementOf(input, code, now);
  // They travel with the key, which they do not depend on.
  const terms = termsOf(tx, placement, now);
  terms.catch(() => undefined);
  let row: OrderRow | undefined;
  const answer = await once(tx, 'orderCreate', input, async (): Promise<Result<Placed, PlaceCode | ConvertCode>> => {
    const cart = input.cartId ? await cartToConvert(tx, input.cartId) : undefined;
    if (cart && isRefusal(cart)) return cart;
    const placed = await placeOrder(tx, placement, now, terms);
    if (isRefusal(placed)) return placed;
    if (cart) await convert(tx, cart.value, placed.value, now);
    row = placed.value;
    return ok({ id: row.id });
  });
  // Also where the key has its answer already: nothing may be asked after the transaction's end.
  await terms;
  return row ? ok({ id: row.id, row }) : answer;
}

const placementOf = (input: Input, code: string, now: Date): Placement => ({
  customerId: input.customerId ?? null,
  contact: input.contact ? contactOf(input.contact) : null,
  currency: code,
  taxIncluded: input.taxIncluded ?? false,
  lines: input.lines.map(placedLineOf),
  discount: input.discount ?? 0n,
  discountLabel: input.discountLabel ?? null,
  discountCodes: input.discountCodes ?? [],
  tax: input.tax ?? 0n,
  shipping: input.shipping ?? 0n,
  billingAddress: addressOf(input.billingAddress),
  shippingAddress: addressOf(input.shippingAddress),
  customerNote: input.customerNote ?? null,
  note: input.note ?? null,
  source: input.source ?? 'MANUAL',
  externalId: input.externalId ?? null,
  placedAt: input.placedAt ?? now,
  expiresAt: input.expiresAt ?? null,
});
