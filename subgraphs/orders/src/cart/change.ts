import { fail, isRefusal, ok, type Result } from '@storegraph/core';
import { one, own, type Tx } from '@storegraph/database';
import type { Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { linesOf, lockCart, shopOf, type CartKey } from './access.ts';
import { cartLifeMs, closedMessages, closedReason, type ClosedCode } from './cart.ts';
import { recover } from './recovered.ts';
import { priceCart } from './pricing.ts';
import { carts, type CartRow } from './tables.ts';
import { cartView, type CartView } from './view.ts';

export type ChangeCode = 'NOT_FOUND' | ClosedCode;

/**
 * Changes a cart that is the caller's and still open. `change` writes lines by itself and gives what changes of the cart. A cart that was
 * abandoned has been recovered by it.
 */
export async function changeCart<Code extends string>(
  ctx: Context,
  key: CartKey,
  change: (tx: Tx, cart: CartRow, now: Date) => Promise<Result<Partial<CartRow>, Code>>,
): Promise<Result<CartView, Code | ChangeCode>> {
  const shop = shopOf(ctx);
  if (!shop) return noSuchCart();
  const now = ctx.clock.now();
  const changed = await shop.db.write(async (tx): Promise<Result<CartRow, Code | ChangeCode>> => {
    const cart = await lockCart(tx, ctx.identity, key);
    if (!cart) return noSuchCart();
    const closed = closedReason(cart, now);
    if (closed) return fail(closed, closedMessages[closed]);
    const result = await change(tx, cart, now);
    return isRefusal(result) ? result : ok(await saveCart(tx, cart, result.value, now));
  });
  return isRefusal(changed) ? changed : ok(cartView(changed.value, shop));
}

/** Writes what has changed of a locked cart, with what it now comes to, and lets it live on. */
export async function saveCart(tx: Tx, before: CartRow, changes: Partial<CartRow>, now: Date, { byLink = false } = {}): Promise<CartRow> {
  const cart = { ...before, ...changes };
  const lines = await linesOf(tx, cart);
  const { totals } = await priceCart(tx, cart, lines, now);
  const recovered = await recover(tx, cart, now, { byLink });
  return one(
    await tx
      .update(carts)
      .set({
        ...changes,
        ...recovered,
        // With the last line goes what decided about its taxes.
        ...(lines.length === 0 ? { taxIncluded: null } : {}),
        units: lines.reduce((sum, { quantity }) => sum + quantity, 0),
        total: totals.total,
        changedAt: now,
        expiresAt: new Date(now.getTime() + cartLifeMs),
      })
      .where(own(tx, carts, eq(carts.id, cart.id)))
      .returning(),
  );
}

export const noSuchCart = () => fail('NOT_FOUND', 'No such cart.', ['cartId']);
