import { newId, type CustomerId, type Id } from '@storegraph/core';
import type { Tx } from '@storegraph/database';
import { evaluateDiscounts, type AppliedDiscount, type DiscountRequest, type Evaluation } from '../src/discount/evaluate.ts';
import type { Desk, UserError } from './desk.ts';

export interface MadeDiscount {
  readonly id: Id<'dsc'>;
  readonly code: string;
}

/** A discount of ten percent off the order, by a code of its own, or as the input says. */
export async function discountOf(desk: Desk, input: object = {}): Promise<MadeDiscount> {
  const code = newId('dcd').slice(-12);
  const made = await desk.mutate<{ discount: { id: Id<'dsc'> } | null; userErrors: UserError[] }>('discountCreate', {
    title: 'Ten off',
    method: 'CODE',
    kind: 'PERCENTAGE',
    basisPoints: 1000,
    code,
    ...input,
  });
  if (!made.discount) throw new Error(`discountCreate was refused: ${JSON.stringify(made.userErrors)}`);
  return { id: made.discount.id, code };
}

export const automatic = (desk: Desk, input: object = {}): Promise<MadeDiscount> =>
  discountOf(desk, { method: 'AUTOMATIC', code: null, ...input });

/** Two lanterns of 12.50 EUR that cost 5.00 to send, for a guest, or as the rest says. */
const basket = (rest: Partial<DiscountRequest> = {}): DiscountRequest => ({
  codes: [],
  customerId: null,
  currency: 'EUR',
  shipping: 500n,
  at: new Date(),
  lines: [{ quantity: 2, unitPrice: 1250n, discount: 0n, sku: 'A-1', productId: 'lantern', variantId: null }],
  ...rest,
});

export const evaluate = (desk: Desk, rest: Partial<DiscountRequest>): Promise<Evaluation> =>
  desk.write((tx) => evaluateDiscounts(tx, basket(rest)));

/** What the codes are refused for. */
export const reasons = async (desk: Desk, rest: Partial<DiscountRequest>): Promise<string[]> =>
  (await evaluate(desk, rest)).refused.map(({ reason }) => reason);

export const applied = async (tx: Tx, rest: Partial<DiscountRequest>): Promise<readonly AppliedDiscount[]> =>
  (await evaluateDiscounts(tx, basket(rest))).applied;

export const orderOf = (id: Id<'ord'>, customerId: CustomerId | null = null) => ({ id, customerId, currency: 'EUR' });
