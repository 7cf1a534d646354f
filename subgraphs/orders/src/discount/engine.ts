import { allocate, ratio, type Id } from '@storegraph/core';
import type { DiscountClass, DiscountKind, DiscountRefusal } from './discount.ts';

/** A line to be discounted. `unitPrice` is of one unit; `discount`, of the whole line, was given by hand and is off already. */
export interface DiscountLine {
  readonly quantity: number;
  readonly unitPrice: bigint;
  readonly discount: bigint;
  readonly sku: string | null;
  readonly productId: string | null;
  readonly variantId: string | null;
}

/** What is to be discounted, in minor units of one currency. */
export interface Basket {
  readonly lines: readonly DiscountLine[];
  readonly shipping: bigint;
}

/** A discount in the currency of the basket. */
export interface DiscountRule {
  readonly id: Id<'dsc'>;
  readonly kind: DiscountKind;
  readonly appliesTo: DiscountClass;
  readonly basisPoints: number | null;
  readonly amount: bigint | null;
  readonly maximum: bigint | null;
  readonly minimumSubtotal: bigint | null;
  readonly minimumQuantity: number | null;
  readonly oncePerOrder: boolean;
  readonly priority: number;
  readonly combinesWith: readonly DiscountClass[];
  readonly targetSkus: readonly string[];
  readonly targetProductIds: readonly string[];
}

/** What a discount takes off: of each line, in the lines' order, and of the shipping. */
export interface Off {
  readonly amounts: readonly bigint[];
  readonly shipping: bigint;
}

const sum = (amounts: readonly bigint[]) => amounts.reduce((total, each) => total + each, 0n);
const least = (one: bigint, other: bigint | null) => (other !== null && other < one ? other : one);

export const worthOf = ({ amounts, shipping }: Off): bigint => sum(amounts) + shipping;

/** What a line costs before any promotion. */
const priceOf = ({ quantity, unitPrice, discount }: DiscountLine) => unitPrice * BigInt(quantity) - discount;

/** Whether the discount is for that line. One that names no goods is for all of them. */
function isTarget({ targetSkus, targetProductIds }: DiscountRule, { sku, productId }: DiscountLine): boolean {
  if (targetSkus.length === 0 && targetProductIds.length === 0) return true;
  return (sku !== null && targetSkus.includes(sku)) || (productId !== null && targetProductIds.includes(productId));
}

/**
 * Why the basket does not earn the discount; null when it does. Minimums look at the lines to which the discount applies, at their prices less
 * what was taken off by hand: not at what other promotions leave, so that the answer does not depend on them.
 */
export function basketRefusal(rule: DiscountRule, basket: Basket): DiscountRefusal | null {
  const lines = basket.lines.filter((line) => isTarget(rule, line));
  if (lines.length === 0) return 'NO_ELIGIBLE_LINE';
  if (rule.minimumSubtotal !== null && sum(lines.map(priceOf)) < rule.minimumSubtotal) return 'MINIMUM_SUBTOTAL_NOT_MET';
  const units = lines.reduce((total, { quantity }) => total + quantity, 0);
  if (rule.minimumQuantity !== null && units < rule.minimumQuantity) return 'MINIMUM_QUANTITY_NOT_MET';
  return applyAll([rule], basket).every((off) => worthOf(off) === 0n) ? 'NOTHING_TO_DISCOUNT' : null;
}

/** The order in which discounts are applied: the higher priority first, then the older. */
export const inOrderOfApplication = <Rule extends DiscountRule>(rules: readonly Rule[]): Rule[] =>
  rules.toSorted((a, b) => b.priority - a.priority || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));

/**
 * What each of the discounts takes off, in the order given, each from what those before it leave. Percentages are rounded half up, per line or,
 * of an ORDER discount, once; what is shared out goes by largest remainder. Never more than is left of a line or of the shipping.
 */
export function applyAll(rules: readonly DiscountRule[], basket: Basket): Off[] {
  const left = basket.lines.map(priceOf);
  let shippingLeft = basket.shipping;
  return rules.map((rule) => {
    const amounts = rule.appliesTo === 'SHIPPING' ? left.map(() => 0n) : offLines(rule, basket.lines, left);
    for (const [index, amount] of amounts.entries()) left[index] = (left[index] ?? 0n) - amount;
    const shipping = rule.appliesTo === 'SHIPPING' ? least(shippingLeft, rule.maximum) : 0n;
    shippingLeft -= shipping;
    return { amounts, shipping };
  });
}

function offLines(rule: DiscountRule, lines: readonly DiscountLine[], left: readonly bigint[]): bigint[] {
  if (rule.appliesTo === 'ORDER') return allocate(least(share(rule, sum(left), 1n), rule.maximum), left);
  const amounts = rule.oncePerOrder ? offCheapestUnit(rule, lines, left) : offEachLine(rule, lines, left);
  const total = sum(amounts);
  return rule.maximum !== null && total > rule.maximum ? allocate(rule.maximum, amounts) : amounts;
}

const offEachLine = (rule: DiscountRule, lines: readonly DiscountLine[], left: readonly bigint[]): bigint[] =>
  lines.map((line, index) => (isTarget(rule, line) ? share(rule, left[index] ?? 0n, BigInt(line.quantity)) : 0n));

/** Of lines with equal prices the first. A unit is worth its part of what is left of its line. */
function offCheapestUnit(rule: DiscountRule, lines: readonly DiscountLine[], left: readonly bigint[]): bigint[] {
  const units = lines.flatMap((line, index) => {
    const worth = ratio(left[index] ?? 0n, 1n, BigInt(line.quantity));
    return isTarget(rule, line) && worth > 0n ? [{ index, price: line.unitPrice, worth }] : [];
  });
  const [cheapest] = units.toSorted((a, b) => (a.price === b.price ? a.index - b.index : a.price < b.price ? -1 : 1));
  return lines.map((_, index) => (cheapest?.index === index ? share(rule, cheapest.worth, 1n) : 0n));
}

/** What the discount takes of that much money, which `units` units cost. */
const share = ({ basisPoints, amount }: DiscountRule, money: bigint, units: bigint): bigint =>
  basisPoints === null ? least(money, (amount ?? 0n) * units) : ratio(money, BigInt(basisPoints), 10_000n);
