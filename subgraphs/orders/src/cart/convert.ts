import { fail, ok, type Id, type Result } from '@storegraph/core';
import { first, own, type Tx } from '@storegraph/database';
import { cartCheckedOut, emit } from '@storegraph/events';
import { eq } from 'drizzle-orm';
import { inCurrencyOf } from '../order/record.ts';
import type { OrderRow } from '../order/tables.ts';
import { recover } from './recovered.ts';
import { carts, type CartRow } from './tables.ts';

/** Ties a locked cart, of which no order has come, to the one that came of it now, for good. */
export async function convert(tx: Tx, cart: CartRow, order: OrderRow, now: Date): Promise<void> {
  const recovered = await recover(tx, cart, now, { byLink: false });
  await tx
    .update(carts)
    .set({ ...recovered, orderId: order.id, convertedAt: now, changedAt: now })
    .where(own(tx, carts, eq(carts.id, cart.id)));
  const { id: cartId, customerId } = cart;
  const total = inCurrencyOf(order, order.total);
  await emit(tx, cartCheckedOut({ cartId, customerId, orderId: order.id, total, recovered: cart.abandonedAt !== null }));
}

export type ConvertCode = 'NOT_FOUND' | 'CART_CONVERTED';

/**
 * The cart that an order is about to come of, locked: by its id, for an order of staff or a program. One that has expired will do: its goods were sold
 * elsewhere. Asked for before the order's number, as a checkout has it.
 */
export async function cartToConvert(tx: Tx, cartId: Id<'crt'>): Promise<Result<CartRow, ConvertCode>> {
  const cart = first(
    await tx
      .select()
      .from(carts)
      .where(own(tx, carts, eq(carts.id, cartId)))
      .for('update'),
  );
  if (!cart) return fail('NOT_FOUND', 'No such cart.', ['cartId']);
  return cart.convertedAt ? fail('CART_CONVERTED', 'An order came of this cart before.', ['cartId']) : ok(cart);
}
