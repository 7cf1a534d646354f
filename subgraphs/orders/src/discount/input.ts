import type { Problem } from '@storegraph/core';
import { currency, text } from '@storegraph/subgraph';
import { z } from 'zod';
import { positiveAmount, quantity } from '../input.ts';
import { maxCodeLength } from './code.ts';
import { discountClasses, type DiscountClass, type DiscountKind, type DiscountMethod } from './discount.ts';

/** How often something may be used. */
export const limit = z.int().min(1, { error: 'Must be at least 1.' }).max(1_000_000_000, { error: 'Must be at most 1,000,000,000.' });

export const code = text(maxCodeLength).regex(/^[\p{L}\p{M}\p{N}_.+%&#! -]*$/u, {
  error: 'May hold letters, digits, blanks and _ . - + % & # ! only.',
});

const amounts = z
  .array(
    z.object({
      currency,
      amount: positiveAmount.nullish(),
      minimumSubtotal: positiveAmount.nullish(),
      maximum: positiveAmount.nullish(),
    }),
  )
  .max(50)
  .transform((list) =>
    list.map((each) => ({
      currency: each.currency,
      amount: each.amount ?? null,
      minimumSubtotal: each.minimumSubtotal ?? null,
      maximum: each.maximum ?? null,
    })),
  );

const goods = z
  .array(text(100))
  .max(500)
  .transform((names) => [...new Set(names)]);

/** What a discount is given and changed with alike. */
export const terms = {
  basisPoints: z
    .int()
    .min(1, { error: 'Must be at least 1.' })
    .max(10_000, { error: 'Must be at most 10,000, which is everything.' })
    .nullish(),
  amounts: amounts.nullish(),
  minimumQuantity: quantity.nullish(),
  oncePerOrder: z.boolean().nullish(),
  startsAt: z.date().nullish(),
  endsAt: z.date().nullish(),
  usageLimit: limit.nullish(),
  customerLimit: limit.nullish(),
  priority: z.int().min(0, { error: 'Must not be negative.' }).max(1000, { error: 'Must be at most 1000.' }).nullish(),
  combinesWith: z
    .array(z.enum(discountClasses))
    .max(3)
    .transform((classes) => discountClasses.filter((each) => classes.includes(each)))
    .nullish(),
  targetSkus: goods.nullish(),
  targetProductIds: goods.nullish(),
};

export interface Amounts {
  readonly currency: string;
  readonly amount: bigint | null;
  readonly minimumSubtotal: bigint | null;
  readonly maximum: bigint | null;
}

/** The parts of a discount that have to go together. */
export interface Shape {
  readonly method: DiscountMethod;
  readonly kind: DiscountKind;
  readonly appliesTo: DiscountClass;
  readonly basisPoints: number | null;
  readonly amounts: readonly Amounts[];
  readonly oncePerOrder: boolean;
  readonly startsAt: Date;
  readonly endsAt: Date | null;
  readonly targetSkus: readonly string[];
  readonly targetProductIds: readonly string[];
}

/** All that does not go together in a discount. */
export function shapeProblems(shape: Shape): Problem<'REQUIRED' | 'INVALID'>[] {
  const problems: Problem<'REQUIRED' | 'INVALID'>[] = [];
  const wrong = (message: string, ...field: string[]) => problems.push({ code: 'INVALID', message, field });
  const missing = (message: string, ...field: string[]) => problems.push({ code: 'REQUIRED', message, field });
  const { kind, appliesTo } = shape;

  if ((kind === 'FREE_SHIPPING') !== (appliesTo === 'SHIPPING'))
    wrong('Only FREE_SHIPPING applies to shipping, and to nothing else.', 'appliesTo');
  if (kind === 'PERCENTAGE' && shape.basisPoints === null) missing('A PERCENTAGE needs its hundredths of a percent.', 'basisPoints');
  if (kind !== 'PERCENTAGE' && shape.basisPoints !== null) wrong('Only a PERCENTAGE has hundredths of a percent.', 'basisPoints');
  if (kind === 'FIXED_AMOUNT' && shape.amounts.length === 0) missing('A FIXED_AMOUNT needs an amount.', 'amounts');
  const seen = new Set<string>();
  for (const [index, each] of shape.amounts.entries()) {
    const at = ['amounts', String(index)];
    if (kind === 'FIXED_AMOUNT' && each.amount === null) missing('A FIXED_AMOUNT needs an amount.', ...at, 'amount');
    if (kind !== 'FIXED_AMOUNT' && each.amount !== null) wrong('Only a FIXED_AMOUNT has an amount.', ...at, 'amount');
    if (seen.has(each.currency)) wrong('The currency is named twice.', ...at, 'currency');
    seen.add(each.currency);
  }
  if (appliesTo !== 'LINE') {
    if (shape.oncePerOrder) wrong('Only a LINE discount can be given on one unit.', 'oncePerOrder');
    if (shape.targetSkus.length > 0) wrong('Only a LINE discount can be for certain goods.', 'targetSkus');
    if (shape.targetProductIds.length > 0) wrong('Only a LINE discount can be for certain goods.', 'targetProductIds');
  }
  if (shape.endsAt && shape.endsAt <= shape.startsAt) wrong('Must be after the start.', 'endsAt');
  return problems;
}
