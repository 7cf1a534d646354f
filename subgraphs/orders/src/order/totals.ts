import { allocate } from '@storegraph/core';

/** A line as it is asked for. Amounts are minor units for the whole line, except `unitPrice`. */
export interface PricedLine {
  readonly quantity: number;
  readonly unitPrice: bigint;
  /** Given on this line alone, at most its subtotal. */
  readonly discount: bigint;
  readonly tax: bigint;
}

/** What a discount rule gives: off each line, in the order of the lines, and off the shipping. */
export interface Promotion {
  readonly amounts: readonly bigint[];
  readonly shipping: bigint;
}

export interface Priced {
  readonly lines: readonly PricedLine[];
  /** Come after the lines' own discounts; together with those at most what the lines cost. */
  readonly promotions: readonly Promotion[];
  /** Given on the whole order and shared out to the lines, at most what the other discounts leave. */
  readonly discount: bigint;
  /** Tax of the whole order, shared out to the lines on top of what they name themselves. */
  readonly tax: bigint;
  readonly shipping: bigint;
  /** Whether the prices contain the tax: then it is told, and not added. */
  readonly taxIncluded: boolean;
}

export interface LineTotals {
  readonly subtotal: bigint;
  readonly lineDiscount: bigint;
  /** In the order of the promotions. */
  readonly promotions: readonly bigint[];
  readonly orderDiscount: bigint;
  readonly discount: bigint;
  readonly tax: bigint;
  readonly total: bigint;
}

export interface OrderTotals {
  readonly lines: readonly LineTotals[];
  readonly subtotal: bigint;
  readonly discount: bigint;
  readonly tax: bigint;
  readonly shipping: bigint;
  readonly shippingDiscount: bigint;
  readonly total: bigint;
}

const add = (amounts: Iterable<bigint>) => Iterator.from(amounts).reduce((sum, amount) => sum + amount, 0n);

export const lineSubtotal = ({ unitPrice, quantity }: Pick<PricedLine, 'unitPrice' | 'quantity'>): bigint => unitPrice * BigInt(quantity);

const promotedOf = (promotions: readonly Promotion[], index: number): bigint[] => promotions.map(({ amounts }) => amounts[index] ?? 0n);

/** What each line still costs once its own discount and the promotions are off. */
const leftOf = ({ lines, promotions }: Pick<Priced, 'lines' | 'promotions'>): bigint[] =>
  lines.map((line, index) => lineSubtotal(line) - line.discount - add(promotedOf(promotions, index)));

/** What is left to discount once the lines' own discounts and the promotions are off. */
export const discountable = (priced: Pick<Priced, 'lines' | 'promotions'>): bigint => add(leftOf(priced));

/**
 * The totals of an order: every cent of discount and tax stands on a line (largest remainder), and the order's amounts are the sums of its lines'.
 * Throws where a discount is larger than what it is given on; callers refuse that before.
 */
export function totalsOf({ lines, promotions, discount, tax, shipping, taxIncluded }: Priced): OrderTotals {
  const left = leftOf({ lines, promotions });
  if (lines.some((line) => line.discount < 0n) || left.some((amount) => amount < 0n))
    throw new RangeError('A line can not be discounted below zero.');
  if (discount < 0n || discount > add(left)) throw new RangeError('An order can not be discounted below zero.');
  const shippingDiscount = add(promotions.map((promotion) => promotion.shipping));
  if (shippingDiscount > shipping) throw new RangeError('Shipping can not be discounted below zero.');
  const shares = allocate(discount, left);
  const net = left.map((amount, index) => amount - (shares[index] ?? 0n));
  const taxes = allocate(tax, net);
  const totals = lines.map((line, index) => {
    const lineTax = line.tax + (taxes[index] ?? 0n);
    const afterDiscount = net[index] ?? 0n;
    return {
      subtotal: lineSubtotal(line),
      lineDiscount: line.discount,
      promotions: promotedOf(promotions, index),
      orderDiscount: shares[index] ?? 0n,
      discount: lineSubtotal(line) - afterDiscount,
      tax: lineTax,
      total: afterDiscount + (taxIncluded ? 0n : lineTax),
    };
  });
  return {
    lines: totals,
    subtotal: add(totals.map((line) => line.subtotal)),
    discount: add(totals.map((line) => line.discount)),
    tax: add(totals.map((line) => line.tax)),
    shipping,
    shippingDiscount,
    total: add(totals.map((line) => line.total)) + shipping - shippingDiscount,
  };
}
