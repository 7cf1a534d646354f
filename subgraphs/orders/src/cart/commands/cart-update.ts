import { isRefusal, ok } from '@storegraph/core';
import { multiline, optional, validate, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import { addressOf, addressSchema, contactSchema } from '../../order/asked.ts';
import { cartKeyShape } from '../access.ts';
import { changeCart } from '../change.ts';

const schema = z.object({
  ...cartKeyShape,
  contact: contactSchema.nullish(),
  billingAddress: addressSchema.nullish(),
  shippingAddress: addressSchema.nullish(),
  customerNote: optional(multiline(5000)),
});

/** Says who a cart is of, where it goes and what else the shopper wants to say. What is left out stays, null clears. */
export async function cartUpdate(ctx: Context, given: unknown) {
  const checked = validate(schema, given);
  if (isRefusal(checked)) return checked;
  const { contact, billingAddress, shippingAddress, customerNote, ...key } = checked.value;
  return changeCart<never>(ctx, key, () =>
    Promise.resolve(
      ok({
        ...(contact === undefined
          ? {}
          : { contactName: contact?.name ?? null, contactEmail: contact?.email ?? null, contactPhone: contact?.phone ?? null }),
        ...(billingAddress === undefined ? {} : { billingAddress: addressOf(billingAddress) }),
        ...(shippingAddress === undefined ? {} : { shippingAddress: addressOf(shippingAddress) }),
        ...(customerNote === undefined ? {} : { customerNote }),
      }),
    ),
  );
}
