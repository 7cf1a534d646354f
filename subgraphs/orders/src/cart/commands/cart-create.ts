import { opaqueToken } from '@storegraph/auth';
import { fail, isRefusal, newId, ok, type Id, type Result } from '@storegraph/core';
import { first, owned, type Tx } from '@storegraph/database';
import { currency, readId, text, validate, type Context, type InputCode } from '@storegraph/subgraph';
import { z } from 'zod';
import { noSuchCustomer, unknownCustomer, untilCustomerKnown } from '../../customer/known.ts';
import { liveSystemName, webAddress } from '../../input.ts';
import { customerSchema } from '../../order/asked.ts';
import { storeSettings } from '../../store/settings.ts';
import { isShopper, shopOf } from '../access.ts';
import { cartLifeMs, storefront } from '../cart.ts';
import { carts, type CartRow } from '../tables.ts';
import { cartView, type CartView } from '../view.ts';

/** What the store's own server says of a cart, and no shopper may. */
const staffShape = {
  customerId: customerSchema.nullish(),
  source: liveSystemName(50).nullish(),
  externalId: text(200).nullish(),
  recoveryUrl: webAddress.nullish(),
};
const staffFields = Object.keys(staffShape) as (keyof typeof staffShape)[];
const schema = z.object({ currency: currency.nullish(), ...staffShape });
type Input = z.output<typeof schema>;

type Code = 'REQUIRED' | 'INVALID' | 'NOT_FOUND' | 'STAFF_ONLY' | 'EXTERNAL_ID_TAKEN';

/** Opens a cart: of the customer who is logged in or, for staff and programs, is named, or else of whoever has the secret that is given with it. */
export async function cartCreate(
  ctx: Context,
  given: unknown,
): Promise<Result<{ cart: CartView; token: string | null }, InputCode | Code>> {
  const checked = validate(schema, given);
  if (isRefusal(checked)) return checked;
  const input = checked.value;
  const { identity, clock, signal } = ctx;
  const shop = shopOf(ctx);
  if (!shop) return fail('NOT_FOUND', 'Name the store, by the header x-storegraph-store.');
  const wrong = refusal(input, isShopper(identity));
  if (wrong) return wrong;
  const customerId = identity.kind === 'CUSTOMER' ? (identity.subjectId as Id<'cus'>) : (input.customerId ?? null);
  const secret = customerId === null ? opaqueToken('cart') : null;
  const opened = await untilCustomerKnown(signal, () =>
    shop.db.write((tx) => open(tx, { ...input, customerId }, secret?.hash ?? null, clock.now())),
  );
  return isRefusal(opened) ? opened : ok({ cart: cartView(opened.value, shop), token: secret?.token ?? null });
}

function refusal(input: Input, shopper: boolean): Result<never, Code> | undefined {
  const said = staffFields.find((field) => input[field] !== undefined && input[field] !== null);
  if (shopper && said) return fail('STAFF_ONLY', 'This is for the staff of the store, and for its own programs.', [said]);
  // Nobody has such an id, now or in a moment.
  if (input.customerId === readId('cus', null)) return noSuchCustomer();
  if (input.recoveryUrl && !input.externalId) return fail('INVALID', 'Name the cart that it opens, by its externalId.', ['recoveryUrl']);
  return undefined;
}

async function open(tx: Tx, input: Input, tokenHash: string | null, now: Date): Promise<Result<CartRow, Code>> {
  const { customerId = null, source, externalId = null, recoveryUrl = null } = input;
  const unknown = customerId ? await unknownCustomer(tx, customerId) : undefined;
  if (unknown) return unknown;
  const chosen = input.currency ?? (await storeSettings(tx))?.currency;
  if (!chosen) return fail('REQUIRED', "The store's currency is not known yet: name one.", ['currency']);
  const values = owned(tx, {
    id: newId('crt'),
    tokenHash,
    customerId,
    source: source ?? storefront,
    externalId,
    recoveryUrl,
    currency: chosen,
    discountCodes: [],
    shippingPrice: 0n,
    units: 0,
    total: 0n,
    changedAt: now,
    expiresAt: new Date(now.getTime() + cartLifeMs),
  });
  const target = [carts.storeId, carts.source, carts.externalId];
  const row = first(await tx.insert(carts).values(values).onConflictDoNothing({ target }).returning());
  return row ? ok(row) : fail('EXTERNAL_ID_TAKEN', 'This cart of the source was put in before.', ['externalId']);
}
