import { fail, isRefusal, ok, type Id } from '@storegraph/core';
import { validate, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import { unknownCustomer, untilCustomerKnown } from '../../customer/known.ts';
import { cartKeyShape, shopOf } from '../access.ts';
import { changeCart, noSuchCart } from '../change.ts';

const schema = z.object(cartKeyShape);

/** Makes the cart of nobody known, which the caller holds the secret of, the cart of the customer who is logged in. Its secret opens it no more. */
export async function cartClaim(ctx: Context, given: unknown) {
  const checked = validate(schema, given);
  if (isRefusal(checked)) return checked;
  const { identity, signal } = ctx;
  if (identity.kind !== 'CUSTOMER') return fail('LOGIN_REQUIRED', 'Log in as a customer of the store first.');
  const customerId = identity.subjectId as Id<'cus'>;
  const shop = shopOf(ctx);
  if (!shop) return noSuchCart();
  // In a transaction of its own: a merge of customers takes the customer before the cart. One that comes between is followed by the database.
  const known = await untilCustomerKnown(signal, () =>
    shop.db.write(async (tx) => (await unknownCustomer(tx, customerId)) ?? ok(undefined)),
  );
  if (isRefusal(known)) return known;
  return changeCart<never>(ctx, checked.value, (_, cart) =>
    Promise.resolve(ok(cart.customerId === customerId ? {} : { customerId, tokenHash: null })),
  );
}
