import { minorDigits, parseDecimal } from '@storegraph/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { discountable, lineSubtotal, totalsOf, type Priced, type PricedLine, type Promotion } from './totals.ts';

const sum = (amounts: readonly bigint[]) => amounts.reduce((total, amount) => total + amount, 0n);

const anyLine: fc.Arbitrary<PricedLine> = fc
  .record({
    quantity: fc.integer({ min: 1, max: 1000 }),
    unitPrice: fc.bigInt(0n, 1_000_000n),
    share: fc.bigInt(0n, 100n),
    tax: fc.bigInt(0n, 10_000n),
  })
  .map(({ share, ...line }) => ({ ...line, discount: (lineSubtotal(line) * share) / 100n }));

const anyOrder: fc.Arbitrary<Priced> = fc
  .record({
    lines: fc.array(anyLine, { minLength: 1, maxLength: 30 }),
    share: fc.bigInt(0n, 100n),
    tax: fc.bigInt(0n, 1_000_000n),
    shipping: fc.bigInt(0n, 10_000n),
    taxIncluded: fc.boolean(),
    // In hundredths of what each line still costs, one after the other.
    promoted: fc.array(fc.record({ percent: fc.bigInt(0n, 100n), shipping: fc.bigInt(0n, 100n) }), { maxLength: 3 }),
  })
  .map(({ share, promoted, ...order }) => {
    const promotions = promoted.reduce<Promotion[]>((given, { percent, shipping }) => {
      const off = (index: number) => sum(given.map(({ amounts }) => amounts[index] ?? 0n));
      const left = order.shipping - sum(given.map((each) => each.shipping));
      const amounts = order.lines.map((line, index) => ((lineSubtotal(line) - line.discount - off(index)) * percent) / 100n);
      return [...given, { amounts, shipping: (left * shipping) / 100n }];
    }, []);
    return { ...order, promotions, discount: (discountable({ lines: order.lines, promotions }) * share) / 100n };
  });

describe('the totals of any order', () => {
  it('are the sums of its lines', () => {
    fc.assert(
      fc.property(anyOrder, (order) => {
        const totals = totalsOf(order);
        expect(totals.subtotal).toBe(sum(totals.lines.map((line) => line.subtotal)));
        expect(totals.discount).toBe(sum(totals.lines.map((line) => line.discount)));
        expect(totals.tax).toBe(sum(totals.lines.map((line) => line.tax)));
        expect(totals.total).toBe(sum(totals.lines.map((line) => line.total)) + order.shipping - totals.shippingDiscount);
        expect(totals.shippingDiscount).toBe(sum(order.promotions.map((promotion) => promotion.shipping)));
        expect(totals.total).toBe(
          totals.subtotal - totals.discount + totals.shipping - totals.shippingDiscount + (order.taxIncluded ? 0n : totals.tax),
        );
      }),
    );
  });

  it('have every cent of discount and tax on a line, and no line below zero', () => {
    fc.assert(
      fc.property(anyOrder, (order) => {
        const { lines } = totalsOf(order);
        expect(sum(lines.map((line) => line.orderDiscount))).toBe(order.discount);
        expect(sum(lines.map((line) => line.lineDiscount))).toBe(sum(order.lines.map((line) => line.discount)));
        expect(sum(lines.map((line) => line.tax))).toBe(order.tax + sum(order.lines.map((line) => line.tax)));
        for (const line of lines) {
          expect(line.discount).toBe(line.lineDiscount + sum(line.promotions) + line.orderDiscount);
          expect(line.discount <= line.subtotal && line.total >= 0n).toBe(true);
        }
      }),
    );
  });
});

describe('in currencies of every number of decimals', () => {
  it.each([
    ['JPY', 0, '1000', ['334', '333', '333']],
    ['GBP', 2, '10.00', ['3.34', '3.33', '3.33']],
    ['KWD', 3, '10.000', ['3.334', '3.333', '3.333']],
  ] as const)('%s with %i shares a discount to its last unit', (currency, decimals, discount, shares) => {
    const amount = (text: string) => parseDecimal(text, currency) ?? -1n;
    const line = { quantity: 1, unitPrice: amount('4000'), discount: 0n, tax: 0n };
    const { lines } = totalsOf({
      lines: [line, line, line],
      promotions: [],
      discount: amount(discount),
      tax: 0n,
      shipping: 0n,
      taxIncluded: false,
    });
    expect(minorDigits(currency)).toBe(decimals);
    expect(lines.map((each) => each.orderDiscount)).toEqual(shares.map(amount));
  });
});

it('refuses a discount that is larger than what it is given on', () => {
  const line = { quantity: 1, unitPrice: 100n, discount: 0n, tax: 0n };
  const order = { lines: [line], promotions: [], discount: 0n, tax: 0n, shipping: 50n, taxIncluded: false };
  expect(() => totalsOf({ ...order, discount: 101n })).toThrow(RangeError);
  expect(() => totalsOf({ ...order, lines: [{ ...line, discount: 101n }] })).toThrow(RangeError);
  expect(() => totalsOf({ ...order, promotions: [{ amounts: [101n], shipping: 0n }] })).toThrow(RangeError);
  expect(() => totalsOf({ ...order, promotions: [{ amounts: [0n], shipping: 51n }] })).toThrow(RangeError);
});
