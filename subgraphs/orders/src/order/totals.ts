import { allocate } from '@storegraph/core';

/** A line as it is asked for. Amounts are minor units for the whole line, except `unitPrice`. */
export interface PricedLine {
  readonly quantity: number;
  readonly unitPrice: bigint;
  /** Given on this line alone, at most its subtotal. */
  readonly discount: bigint;
  readonly tax: bigint;
}

export interface Priced {
  readonly lines: readonly PricedLine[];
  /** Given on the whole order and shared out to the lines, at most what their own discounts leave. */
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
  readonly total: bigint;
}

const add = (amounts: Iterable<bigint>) => Iterator.from(amounts).reduce((sum, amount) => sum + amount, 0n);

export const lineSubtotal = ({ unitPrice, quantity }: Pick<PricedLine, 'unitPrice' | 'quantity'>): bigint => unitPrice * BigInt(quantity);

/** What is left to discount once the lines' own discounts are off. */
export const discountable = (lines: readonly PricedLine[]): bigint => add(lines.map((line) => lineSubtotal(line) - line.discount));

/**
 * The totals of an order: every cent of discount and tax stands on a line (largest remainder), and the order's amounts are the sums of its lines'.
 * Throws where a discount is larger than what it is given on; callers refuse that before.
 */
export function totalsOf({ lines, discount, tax, shipping, taxIncluded }: Priced): OrderTotals {
  if (lines.some((line) => line.discount < 0n || line.discount > lineSubtotal(line)))
    throw new RangeError('A line can not be discounted below zero.');
  if (discount < 0n || discount > discountable(lines)) throw new RangeError('An order can not be discounted below zero.');
  const shares = allocate(
    discount,
    lines.map((line) => lineSubtotal(line) - line.discount),
  );
  const net = lines.map((line, index) => lineSubtotal(line) - line.discount - (shares[index] ?? 0n));
  const taxes = allocate(tax, net);
  const totals = lines.map((line, index) => {
    const orderDiscount = shares[index] ?? 0n;
    const lineTax = line.tax + (taxes[index] ?? 0n);
    const afterDiscount = net[index] ?? 0n;
    return {
      subtotal: lineSubtotal(line),
      lineDiscount: line.discount,
      orderDiscount,
      discount: line.discount + orderDiscount,
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
    total: add(totals.map((line) => line.total)) + shipping,
  };
}
