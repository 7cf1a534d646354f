import { isRefusal, ok, refuse } from '@storegraph/core';
import { text, validate, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import { evaluateForShopper } from '../../discount/shopper.ts';
import { cartKeyShape, isShopper, linesOf } from '../access.ts';
import { mostCodes } from '../cart.ts';
import { changeCart } from '../change.ts';
import { priceCart } from '../pricing.ts';

const schema = z.object({ ...cartKeyShape, codes: z.array(text(100)).max(mostCodes) });

/** Makes these the discount codes of a cart. A new one that does not apply is refused, with the reason; one that was there may have stopped to apply, and stays. */
export async function cartDiscountCodesSet(ctx: Context, given: unknown) {
  const checked = validate(schema, given);
  if (isRefusal(checked)) return checked;
  const { codes, ...key } = checked.value;
  const { identity, clock } = ctx;
  if (isShopper(identity) && identity.storeId !== null) {
    // Counts codes that are none, in a transaction of its own: who searches for codes is stopped here as at `discountCheck`.
    const tried = { codes, currency: '', shipping: 0n, at: clock.now(), lines: [] };
    const guessed = await evaluateForShopper(ctx, identity.storeId, tried);
    if (isRefusal(guessed)) return guessed;
  }
  return changeCart(ctx, key, async (tx, cart, now) => {
    const same = (a: string) => (b: string) => a.toLowerCase() === b.toLowerCase();
    const discountCodes = codes.filter((code, index) => codes.findIndex(same(code)) === index);
    const { problems } = await priceCart(tx, { ...cart, discountCodes }, await linesOf(tx, cart), now);
    const refused = problems.filter(({ discountCode }) => discountCode !== null && !cart.discountCodes.some(same(discountCode)));
    if (refused.length === 0) return ok({ discountCodes });
    return refuse(
      refused.map(({ reason, message, discountCode }) => ({
        code: 'CODE_REFUSED' as const,
        message,
        field: ['codes', String(codes.findIndex(same(discountCode ?? '')))],
        reason,
      })),
    );
  });
}
