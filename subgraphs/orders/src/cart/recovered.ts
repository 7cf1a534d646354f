import type { Tx } from '@storegraph/database';
import { cartRecovered, emit } from '@storegraph/events';
import { isAbandoned } from './cart.ts';
import type { CartRow } from './tables.ts';

/** What changes of a locked cart by its shopper's coming back, of which is told once: nothing, unless it is abandoned. */
export async function recover(
  tx: Tx,
  cart: CartRow,
  now: Date,
  { byLink }: { readonly byLink: boolean },
): Promise<Pick<CartRow, 'recoveredAt'> | undefined> {
  if (!isAbandoned(cart)) return undefined;
  await emit(tx, cartRecovered({ cartId: cart.id, customerId: cart.customerId, byLink }));
  return { recoveredAt: now };
}
