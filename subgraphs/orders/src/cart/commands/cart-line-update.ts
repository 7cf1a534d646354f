import { fail, isRefusal, ok } from '@storegraph/core';
import { first, own } from '@storegraph/database';
import { idOf, validate, type Context } from '@storegraph/subgraph';
import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { cartKeyShape } from '../access.ts';
import { changeCart } from '../change.ts';
import { cartLines } from '../tables.ts';

const quantity = z.int().min(0, { error: 'Must not be negative.' }).max(1_000_000, { error: 'Must be at most 1,000,000.' });
const schema = z.object({ ...cartKeyShape, lineId: idOf('crl'), quantity });

/** Sets how many of a line's goods are in a cart; none takes the line out. */
export async function cartLineUpdate(ctx: Context, given: unknown) {
  const checked = validate(schema, given);
  if (isRefusal(checked)) return checked;
  const { lineId, quantity: units, ...key } = checked.value;
  return changeCart(ctx, key, async (tx, cart) => {
    const isIt = own(tx, cartLines, and(eq(cartLines.cartId, cart.id), eq(cartLines.id, lineId)));
    const line = first(await tx.select().from(cartLines).where(isIt));
    if (!line) return fail('NOT_FOUND', 'The cart has no such line.', ['lineId']);
    if (units > line.maxQuantity) return fail('QUANTITY_TOO_HIGH', `At most ${line.maxQuantity} can be had.`, ['quantity']);
    await (units === 0 ? tx.delete(cartLines).where(isIt) : tx.update(cartLines).set({ quantity: units }).where(isIt));
    return ok({});
  });
}
