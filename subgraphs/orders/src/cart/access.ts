import { hashToken, system, type Identity } from '@storegraph/auth';
import type { Id } from '@storegraph/core';
import { first, own, type Tx } from '@storegraph/database';
import { idOf, text, type Context } from '@storegraph/subgraph';
import { asc, eq } from 'drizzle-orm';
import { cartLines, carts, type CartLineRow, type CartRow } from './tables.ts';

/** How a caller names a cart: its id, and the secret that opens it where it is of nobody known. */
export interface CartKey {
  readonly cartId: Id<'crt'>;
  readonly token?: string | null | undefined;
}

/** The same as part of an input. */
export const cartKeyShape = { cartId: idOf('crt'), token: text(200).nullish() };

export const isShopper = ({ kind }: Identity): boolean => kind === 'CUSTOMER' || kind === 'ANONYMOUS';

/**
 * The context in which a cart is read and written. Shoppers have no rights on carts: once they have proven theirs, the store's own system acts for
 * them. Staff and programs act as themselves. Undefined for whoever names no store: there are no carts then.
 */
export function shopOf(ctx: Context): Context | undefined {
  const { identity } = ctx;
  if (identity.storeId === null) return undefined;
  return isShopper(identity) ? ctx.as(system(identity.storeId)) : ctx;
}

/** Whether the caller may use the cart: a customer their own, whoever has its secret one of nobody known, staff every one. */
export function mayUse(cart: Pick<CartRow, 'customerId' | 'tokenHash'>, identity: Identity, token: string | null | undefined): boolean {
  if (!isShopper(identity)) return true;
  if (identity.kind === 'CUSTOMER' && cart.customerId !== null && cart.customerId === identity.subjectId) return true;
  return cart.tokenHash !== null && typeof token === 'string' && hashToken(token) === cart.tokenHash;
}

/** A cart that the caller may use, as it stays until this transaction changes it. */
export async function lockCart(tx: Tx, identity: Identity, { cartId, token }: CartKey): Promise<CartRow | undefined> {
  const cart = first(
    await tx
      .select()
      .from(carts)
      .where(own(tx, carts, eq(carts.id, cartId)))
      .for('update'),
  );
  return cart && mayUse(cart, identity, token) ? cart : undefined;
}

/** A cart's lines, in the order in which they were put in. */
export const linesOf = (tx: Tx, { id }: Pick<CartRow, 'id'>): Promise<CartLineRow[]> =>
  tx
    .select()
    .from(cartLines)
    .where(own(tx, cartLines, eq(cartLines.cartId, id)))
    .orderBy(asc(cartLines.createdAt), asc(cartLines.id));
