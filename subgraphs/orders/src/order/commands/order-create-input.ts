import { fail, ok, refuse, type Problem, type Result } from '@storegraph/core';
import { country, currency, email, idempotencyKey, idOf, multiline, text, validate, type InputCode } from '@storegraph/subgraph';
import { z } from 'zod';
import { amount, liveSystemName, maxTotal, quantity } from '../../input.ts';
import { discountable, lineSubtotal, totalsOf, type OrderTotals } from '../totals.ts';

const line = z.object({
  sku: text(100).nullish(),
  name: text(500),
  productId: text(100).nullish(),
  variantId: text(100).nullish(),
  quantity,
  unitPrice: amount,
  discount: amount.nullish(),
  discountLabel: text(200).nullish(),
  tax: amount.nullish(),
});

const address = z.object({
  name: text(200).nullish(),
  company: text(200).nullish(),
  line1: text(200).nullish(),
  line2: text(200).nullish(),
  city: text(200).nullish(),
  region: text(200).nullish(),
  postalCode: text(50).nullish(),
  country,
  phone: text(50).nullish(),
});

const schema = z.object({
  idempotencyKey,
  customerId: idOf('cus').nullish(),
  contact: z.object({ name: text(200).nullish(), email: email.nullish(), phone: text(50).nullish() }).nullish(),
  currency: currency.nullish(),
  lines: z.array(line).min(1, { error: 'An order needs a line.' }).max(1000),
  discount: amount.nullish(),
  discountLabel: text(200).nullish(),
  tax: amount.nullish(),
  taxIncluded: z.boolean().nullish(),
  shipping: amount.nullish(),
  billingAddress: address.nullish(),
  shippingAddress: address.nullish(),
  customerNote: multiline(5000).nullish(),
  note: multiline(5000).nullish(),
  source: liveSystemName(50).nullish(),
  externalId: text(200).nullish(),
  placedAt: z.date().nullish(),
});

export type CheckedOrder = z.output<typeof schema>;
export type AddressInput = z.output<typeof address>;

/** Reads and prices an order that somebody asks for, or says all that is wrong with it. */
export function priceOrder(
  given: unknown,
  now: Date,
): Result<{ input: CheckedOrder; totals: OrderTotals }, InputCode | 'DISCOUNT_TOO_HIGH' | 'AMOUNT_TOO_HIGH'> {
  const checked = validate(schema, given);
  if (!checked.ok) return checked;
  const input = checked.value;
  if (input.placedAt && input.placedAt > now) return fail('INVALID', 'Must not be in the future.', ['placedAt']);

  const lines = input.lines.map(({ quantity: units, unitPrice, discount, tax }) => ({
    quantity: units,
    unitPrice,
    discount: discount ?? 0n,
    tax: tax ?? 0n,
  }));
  const tooHigh = lines.flatMap((each, index): Problem<'DISCOUNT_TOO_HIGH'>[] =>
    each.discount > lineSubtotal(each)
      ? [{ code: 'DISCOUNT_TOO_HIGH', message: 'The discount is higher than the line.', field: ['lines', String(index), 'discount'] }]
      : [],
  );
  if (tooHigh.length > 0) return refuse(tooHigh);
  const discount = input.discount ?? 0n;
  if (discount > discountable(lines)) return fail('DISCOUNT_TOO_HIGH', 'The discount is higher than the order.', ['discount']);

  const taxIncluded = input.taxIncluded ?? false;
  const totals = totalsOf({ lines, discount, tax: input.tax ?? 0n, shipping: input.shipping ?? 0n, taxIncluded });
  if (totals.subtotal > maxTotal || totals.total > maxTotal || totals.tax > maxTotal) {
    return fail('AMOUNT_TOO_HIGH', 'The order is worth more than 10,000,000,000,000 minor units.', ['lines']);
  }
  const overtaxed = taxIncluded ? totals.lines.findIndex((each) => each.tax > each.total) : -1;
  if (overtaxed >= 0) return fail('INVALID', 'Tax that is included can not be higher than the price.', ['lines', String(overtaxed), 'tax']);
  return ok({ input, totals });
}
