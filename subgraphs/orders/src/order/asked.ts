import { refuse, type Problem, type Result } from '@storegraph/core';
import { country, email, idOf, text } from '@storegraph/subgraph';
import { z } from 'zod';
import { amount, quantity } from '../input.ts';
import type { OrderAddress } from './address.ts';
import type { PlacedLine } from './rows.ts';
import { lineSubtotal, type PricedLine } from './totals.ts';

// What an order is asked for with, whether it is placed at once, drafted or edited.

export const lineSchema = z.object({
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

export const addressSchema = z.object({
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

export const contactSchema = z.object({ name: text(200).nullish(), email: email.nullish(), phone: text(50).nullish() });

export const codesSchema = z.array(text(100)).max(20);

export const maxLines = 1000;

export const customerSchema = idOf('cus');

export const placedLineOf = (line: z.output<typeof lineSchema>): PlacedLine => ({
  sku: line.sku ?? null,
  name: line.name,
  productId: line.productId ?? null,
  variantId: line.variantId ?? null,
  quantity: line.quantity,
  unitPrice: line.unitPrice,
  discount: line.discount ?? 0n,
  discountLabel: line.discountLabel ?? null,
  tax: line.tax ?? 0n,
});

export const addressOf = (given: z.output<typeof addressSchema> | null | undefined): OrderAddress | null =>
  given
    ? {
        name: given.name ?? null,
        company: given.company ?? null,
        line1: given.line1 ?? null,
        line2: given.line2 ?? null,
        city: given.city ?? null,
        region: given.region ?? null,
        postalCode: given.postalCode ?? null,
        country: given.country,
        phone: given.phone ?? null,
      }
    : null;

export const contactOf = ({ name, email: address, phone }: z.output<typeof contactSchema>) => ({
  name: name ?? null,
  email: address ?? null,
  phone: phone ?? null,
});

/** A refusal of every line whose own discount is higher than the line. */
export function overDiscounted(lines: readonly PricedLine[], field = 'lines'): Result<never, 'DISCOUNT_TOO_HIGH'> | undefined {
  const problems = lines.flatMap((each, index): Problem<'DISCOUNT_TOO_HIGH'>[] =>
    each.discount > lineSubtotal(each)
      ? [{ code: 'DISCOUNT_TOO_HIGH', message: 'The discount is higher than the line.', field: [field, String(index), 'discount'] }]
      : [],
  );
  return problems.length > 0 ? refuse(problems) : undefined;
}
