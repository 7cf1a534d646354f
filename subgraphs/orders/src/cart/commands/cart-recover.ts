import { hashToken, opaqueToken } from '@storegraph/auth';
import { fail, isRefusal, ok, type Result } from '@storegraph/core';
import { first, own } from '@storegraph/database';
import { text, validate, type Context, type InputCode } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { shopOf } from '../access.ts';
import { closedMessages, closedReason, type ClosedCode } from '../cart.ts';
import { saveCart } from '../change.ts';
import { carts, type CartRow } from '../tables.ts';
import { cartView, type CartView } from '../view.ts';

const schema = z.object({ recoveryToken: text(200) });

type Code = 'NOT_FOUND' | 'LOGIN_REQUIRED' | ClosedCode;

/**
 * Opens an abandoned cart by the secret of the link that its shopper was sent, and gives it a new secret of its own: the one before opens it no
 * more. A customer's cart opens to that customer alone, who has to be logged in.
 */
export async function cartRecover(
  ctx: Context,
  given: unknown,
): Promise<Result<{ cart: CartView; token: string | null }, InputCode | Code>> {
  const checked = validate(schema, given);
  if (isRefusal(checked)) return checked;
  const shop = shopOf(ctx);
  if (!shop) return noSuchLink();
  const now = ctx.clock.now();
  const recoveryHash = hashToken(checked.value.recoveryToken);
  const recovered = await shop.db.write(async (tx): Promise<Result<{ row: CartRow; token: string | null }, Code>> => {
    const cart = first(
      await tx
        .select()
        .from(carts)
        .where(own(tx, carts, eq(carts.recoveryHash, recoveryHash)))
        .for('update'),
    );
    if (!cart) return noSuchLink();
    const closed = closedReason(cart, now);
    if (closed) return fail(closed, closedMessages[closed]);
    if (cart.customerId !== null && cart.customerId !== ctx.identity.subjectId)
      return fail('LOGIN_REQUIRED', 'Log in as the customer whose cart it is.');
    const secret = cart.customerId === null ? opaqueToken('cart') : null;
    const row = await saveCart(tx, cart, secret ? { tokenHash: secret.hash } : {}, now, { byLink: true });
    return ok({ row, token: secret?.token ?? null });
  });
  return isRefusal(recovered) ? recovered : ok({ cart: cartView(recovered.value.row, shop), token: recovered.value.token });
}

const noSuchLink = () => fail('NOT_FOUND', 'No cart is behind this link.', ['recoveryToken']);
