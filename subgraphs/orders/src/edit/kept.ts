import { ratio, type Id } from '@storegraph/core';
import type { AppliedDiscount } from '../discount/evaluate.ts';
import type { AllocationRow, OrderLineRow } from '../order/tables.ts';
import { lineSubtotal, type PricedLine } from '../order/totals.ts';

/** What was given by hand and by rule on an order, read back from where each cent of it went. */
export interface Given {
  /** Off each line by hand. */
  readonly byLine: ReadonlyMap<Id<'orl'>, { readonly amount: bigint; readonly label: string | null }>;
  /** Off the order by hand. */
  readonly byHand: bigint;
  readonly label: string | null;
  readonly rules: readonly Rule[];
}

/** What an order took of a discount rule, and what of it stands on which line. */
interface Rule extends Omit<AppliedDiscount, 'amounts'> {
  readonly amounts: ReadonlyMap<Id<'orl'>, bigint>;
}

export function givenOf(allocations: readonly AllocationRow[], taken: readonly Omit<AppliedDiscount, 'amounts'>[]): Given {
  const byHand = allocations.filter((each) => each.discountId === null);
  const ofOrder = byHand.filter((each) => each.target === 'ORDER');
  return {
    byLine: new Map(
      byHand.filter((each) => each.target === 'LINE').map(({ lineId, amount, label }) => [lineId, { amount, label }] as const),
    ),
    byHand: ofOrder.reduce((sum, { amount }) => sum + amount, 0n),
    label: ofOrder[0]?.label ?? null,
    rules: taken.map(({ discountId, codeId, code, label, shipping }) => ({
      discountId,
      codeId,
      code,
      label,
      shipping,
      amounts: new Map(
        allocations
          .filter((each) => each.discountId === discountId && each.codeId === codeId)
          .map(({ lineId, amount }) => [lineId, amount] as const),
      ),
    })),
  };
}

/** An amount that was for so many units, for as many as there now are. */
export const inProportion = (amount: bigint, was: number, is: number): bigint =>
  was === is ? amount : was === 0 ? 0n : ratio(amount, BigInt(is), BigInt(was));

/** The same of a discount, at most what there is room for. */
export const scaled = (amount: bigint, was: number, is: number, room: bigint): bigint => smaller(inProportion(amount, was, is), room);

interface EditedLine extends PricedLine {
  readonly id: Id<'orl'>;
}

/**
 * The rules' discounts as they were given, each line's in proportion to the units that it keeps. Lines that were added get nothing, the
 * shipping's at most what the shipping now costs.
 */
export function keptDiscounts(
  rules: Given['rules'],
  lines: readonly EditedLine[],
  before: readonly OrderLineRow[],
  shipping: bigint,
): AppliedDiscount[] {
  const units = new Map(before.map(({ id, quantity }) => [id, quantity]));
  const room = lines.map((line) => lineSubtotal(line) - line.discount);
  let shippingLeft = shipping;
  return rules.map((rule): AppliedDiscount => {
    const amounts = lines.map((line, place) => {
      const left = room[place] ?? 0n;
      const amount = scaled(rule.amounts.get(line.id) ?? 0n, units.get(line.id) ?? 0, line.quantity, left);
      room[place] = left - amount;
      return amount;
    });
    const off = smaller(rule.shipping, shippingLeft);
    shippingLeft -= off;
    return { ...rule, amounts, shipping: off };
  });
}

export const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);
