import { system } from '@storegraph/auth';
import { fail, money, ok, type Money, type Result } from '@storegraph/core';
import { currency, idOf, orThrow, PublicError, text, validate, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import { amount, maxTotal, quantity } from '../input.ts';
import { storeSettings } from '../store/settings.ts';
import { maxCodeLength, normalizeCode } from './code.ts';
import type { DiscountRefusal } from './discount.ts';
import { worthOf, type DiscountLine } from './engine.ts';
import { evaluateDiscounts, type Evaluation } from './evaluate.ts';
import { evaluateForShopper } from './shopper.ts';

const schema = z.object({
  codes: z.array(z.string().max(maxCodeLength)).max(10).nullish(),
  lines: z
    .array(
      z.object({
        sku: text(100).nullish(),
        productId: text(100).nullish(),
        variantId: text(100).nullish(),
        quantity,
        unitPrice: amount,
        discount: amount.nullish(),
      }),
    )
    .min(1, { error: 'There is nothing to discount.' })
    .max(1000),
  shipping: amount.nullish(),
  currency: currency.nullish(),
  customerId: idOf('cus').nullish(),
});
type Input = z.output<typeof schema>;

export interface DiscountCheck {
  readonly discount: Money;
  readonly applied: readonly { label: string; code: string | null; amount: Money; lines: readonly Money[]; shipping: Money }[];
  readonly codes: readonly { code: string; applied: boolean; amount: Money; reason: DiscountRefusal | null; message: string | null }[];
}

/** What a basket is given, and what becomes of the codes. Null where there is no store. Throws BAD_REQUEST and RATE_LIMITED. */
export async function discountCheck(ctx: Context, given: unknown): Promise<DiscountCheck | null> {
  const { storeId, kind } = ctx.identity;
  if (storeId === null) return null;
  const input = orThrow(named(validate(schema, given)));
  const lines = orThrow(linesOf(input));
  const asSystem = ctx.as(system(storeId));
  const code = input.currency ?? (await asSystem.db.read(storeSettings))?.currency;
  if (!code) throw new PublicError('BAD_REQUEST', "The store's currency is not known yet: name one.");

  const codes = input.codes ?? [];
  const request = { codes, lines, shipping: input.shipping ?? 0n, currency: code, at: ctx.clock.now() };
  if (kind !== 'CUSTOMER' && kind !== 'ANONYMOUS') {
    const customerId = input.customerId ?? null;
    return told(codes, code, await ctx.db.read((tx) => evaluateDiscounts(tx, { ...request, customerId })));
  }
  const tried = await evaluateForShopper(ctx, storeId, request);
  if (!tried.ok) throw new PublicError('RATE_LIMITED', 'Too many codes were tried. Try again later.');
  return told(codes, code, tried.value);
}

/** A query has no place for a field's path but its message. */
function named<T>(result: Result<T>): Result<T> {
  const [problem] = result.ok ? [] : result.problems;
  return problem ? fail(problem.code, `${problem.field?.join('.') ?? 'input'}: ${problem.message}`) : result;
}

function linesOf(input: Input): Result<DiscountLine[]> {
  const lines = input.lines.map(({ sku, productId, variantId, quantity: units, unitPrice, discount }) => ({
    quantity: units,
    unitPrice,
    discount: discount ?? 0n,
    sku: sku ?? null,
    productId: productId ?? null,
    variantId: variantId ?? null,
  }));
  if (lines.some(({ quantity: units, unitPrice, discount }) => discount > unitPrice * BigInt(units)))
    return fail('INVALID', 'lines: A discount is higher than its line.');
  const worth = lines.reduce((sum, { quantity: units, unitPrice }) => sum + unitPrice * BigInt(units), input.shipping ?? 0n);
  return worth > maxTotal ? fail('INVALID', 'lines: The basket is worth more than 10,000,000,000,000 minor units.') : ok(lines);
}

function told(codes: readonly string[], currencyCode: string, { applied, refused }: Evaluation): DiscountCheck {
  const inCurrency = (minor: bigint) => money(minor, currencyCode);
  const worthOfCode = new Map(applied.flatMap((each) => (each.code === null ? [] : [[normalizeCode(each.code), worthOf(each)] as const])));
  return {
    discount: inCurrency(applied.reduce((sum, each) => sum + worthOf(each), 0n)),
    applied: applied.map((each) => ({
      label: each.label,
      code: each.code,
      amount: inCurrency(worthOf(each)),
      lines: each.amounts.map(inCurrency),
      shipping: inCurrency(each.shipping),
    })),
    codes: codes.map((code) => {
      const refusal = refused.find((each) => normalizeCode(each.code) === normalizeCode(code));
      const amountOff = inCurrency(worthOfCode.get(normalizeCode(code)) ?? 0n);
      return { code, applied: !refusal, amount: amountOff, reason: refusal?.reason ?? null, message: refusal?.message ?? null };
    }),
  };
}
