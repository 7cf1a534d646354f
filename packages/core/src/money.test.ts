import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate, formatMoney, isCurrency, minorDigits, money, parseDecimal, ratio, sumByCurrency } from './money.ts';

describe('parseDecimal', () => {
  it('is exact in currencies with 0, 2 and 3 decimals', () => {
    expect(parseDecimal('2.55', 'GBP')).toBe(255n);
    expect(parseDecimal('-0.5', 'EUR')).toBe(-50n);
    expect(parseDecimal('1.005', 'KWD')).toBe(1005n);
    expect(parseDecimal('17', 'JPY')).toBe(17n);
    expect(parseDecimal('2.5500', 'GBP')).toBe(255n);
  });

  it('rounds nothing: more decimals than the currency has are refused, as is anything that is not a plain decimal', () => {
    for (const text of ['2.555', '1e3', '', '.', '1,000.00', '0x10', 'NaN', '٣']) expect(parseDecimal(text, 'GBP')).toBeUndefined();
    expect(parseDecimal('0.1', 'JPY')).toBeUndefined();
  });
});

describe('ratio', () => {
  it('rounds half away from zero', () => {
    expect([ratio(5n, 1n, 2n), ratio(-5n, 1n, 2n), ratio(5n, 1n, -2n), ratio(4n, 1n, 3n)]).toEqual([3n, -3n, -3n, 1n]);
  });
});

describe('allocate', () => {
  const weights = fc.array(fc.bigInt(0n, 10n ** 12n), { minLength: 1, maxLength: 40 });
  const total = fc.bigInt(-(10n ** 15n), 10n ** 15n);

  it('loses and invents nothing, for any total and weights', () => {
    fc.assert(fc.property(total, weights, (t, w) => void expect(allocate(t, w).reduce((a, b) => a + b, 0n)).toBe(t)));
  });

  it('gives each share within one unit of its exact part, and none to a weight of zero', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 15n), weights, (t, w) => {
        const sum = w.reduce((a, b) => a + b, 0n);
        fc.pre(sum > 0n);
        allocate(t, w).forEach((share, index) => {
          const floor = (t * (w[index] ?? 0n)) / sum;
          expect(share === floor || share === floor + 1n).toBe(true);
          if (w[index] === 0n) expect(share).toBe(0n);
        });
      }),
    );
  });

  it('hands out what is left by the largest remainder, the earlier share first', () => {
    expect(allocate(100n, [1n, 1n, 1n])).toEqual([34n, 33n, 33n]);
    expect(allocate(10n, [3n, 3n, 1n])).toEqual([4n, 4n, 2n]);
    expect(allocate(5n, [0n, 0n])).toEqual([5n, 0n]);
  });
});

describe('money', () => {
  it('is written exactly, at any size and with any number of decimals', () => {
    expect(formatMoney(money(-123_456_789_012_345_678_901n, 'GBP'))).toBe('-£1,234,567,890,123,456,789.01');
    expect(formatMoney(money(5n, 'JPY'))).toBe('¥5');
    expect(formatMoney(money(5n, 'USD'))).toBe('$0.05');
  });

  it('knows its currencies', () => {
    expect([minorDigits('JPY'), minorDigits('EUR'), minorDigits('KWD')]).toEqual([0, 2, 3]);
    expect([isCurrency('EUR'), isCurrency('eur'), isCurrency('EURO')]).toEqual([true, false, false]);
  });

  it('adds up each currency on its own', () => {
    expect(sumByCurrency([money(1n, 'USD'), money(2n, 'EUR'), money(3n, 'USD')])).toEqual([money(2n, 'EUR'), money(4n, 'USD')]);
  });
});
