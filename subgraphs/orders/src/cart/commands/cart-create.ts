import { opaqueToken } from '@storegraph/auth';
import { fail, isRefusal, newId, ok, type Id, type Result } from '@storegraph/core';
import { one, owned } from '@storegraph/database';
import { currency, validate, type Context, type InputCode } from '@storegraph/subgraph';
import { z } from 'zod';
import { unknownCustomer, untilCustomerKnown } from '../../customer/known.ts';
import { storeSettings } from '../../store/settings.ts';
import { shopOf } from '../access.ts';
import { cartLifeMs } from '../cart.ts';
import { carts, type CartRow } from '../tables.ts';
import { cartView, type CartView } from '../view.ts';

const schema = z.object({ currency: currency.nullish() });

/** Opens a cart: of the customer who is logged in, or of whoever has the secret that is given with it. */
export async function cartCreate(
  ctx: Context,
  given: unknown,
): Promise<Result<{ cart: CartView; token: string | null }, InputCode | 'NOT_FOUND'>> {
  const checked = validate(schema, given);
  if (isRefusal(checked)) return checked;
  const { identity, clock, signal } = ctx;
  const shop = shopOf(ctx);
  if (!shop) return fail('NOT_FOUND', 'Name the store, by the header x-storegraph-store.');
  const customerId = identity.kind === 'CUSTOMER' ? (identity.subjectId as Id<'cus'>) : null;
  const now = clock.now();
  const secret = customerId === null ? opaqueToken('cart') : null;
  const opened = await untilCustomerKnown(signal, () =>
    shop.db.write(async (tx): Promise<Result<CartRow, 'REQUIRED' | 'NOT_FOUND'>> => {
      const unknown = customerId ? await unknownCustomer(tx, customerId) : undefined;
      if (unknown) return unknown;
      const chosen = checked.value.currency ?? (await storeSettings(tx))?.currency;
      if (!chosen) return fail('REQUIRED', "The store's currency is not known yet: name one.", ['currency']);
      const values = owned(tx, {
        id: newId('crt'),
        tokenHash: secret?.hash ?? null,
        customerId,
        currency: chosen,
        discountCodes: [],
        shippingPrice: 0n,
        units: 0,
        total: 0n,
        changedAt: now,
        expiresAt: new Date(now.getTime() + cartLifeMs),
      });
      return ok(one(await tx.insert(carts).values(values).returning()));
    }),
  );
  return isRefusal(opened) ? opened : ok({ cart: cartView(opened.value, shop), token: secret?.token ?? null });
}
