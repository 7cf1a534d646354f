import { minorDigits, newId } from '@storegraph/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bestAutomatic, combine, combinations } from './combination.ts';
import { discountClasses, type DiscountClass } from './discount.ts';
import { applyAll, basketRefusal, inOrderOfApplication, worthOf, type Basket, type DiscountRule } from './engine.ts';

const nothing = {
  basisPoints: null,
  amount: null,
  maximum: null,
  minimumSubtotal: null,
  minimumQuantity: null,
  oncePerOrder: false,
  priority: 0,
  combinesWith: [],
  targetSkus: [],
  targetProductIds: [],
} as const;

const rule = (rest: Partial<DiscountRule>): DiscountRule => ({
  ...nothing,
  id: newId('dsc'),
  kind: 'PERCENTAGE',
  appliesTo: 'ORDER',
  ...rest,
});
const line = (quantity: number, unitPrice: bigint, rest: object = {}) => ({
  quantity,
  unitPrice,
  discount: 0n,
  sku: null,
  productId: null,
  variantId: null,
  ...rest,
});
const sum = (amounts: Iterable<bigint>) => [...amounts].reduce((total, each) => total + each, 0n);

const anyPrice = (currency: string) => fc.bigInt(0n, 500n * 10n ** BigInt(minorDigits(currency)));
const anyBasket = (currency: string): fc.Arbitrary<Basket> =>
  fc.record({
    lines: fc.array(
      fc
        .record({
          quantity: fc.integer({ min: 1, max: 7 }),
          unitPrice: anyPrice(currency),
          off: fc.bigInt(0n, 100n),
          sku: fc.constantFrom('A', 'B', null),
        })
        .map(({ quantity, unitPrice, off, sku }) =>
          line(quantity, unitPrice, { discount: (unitPrice * BigInt(quantity) * off) / 100n, sku }),
        ),
      { minLength: 1, maxLength: 6 },
    ),
    shipping: anyPrice(currency),
  });
const anyClasses = fc.subarray([...discountClasses]);
const anyRule = (currency: string): fc.Arbitrary<DiscountRule> =>
  fc
    .record({
      appliesTo: fc.constantFrom<DiscountClass>('LINE', 'ORDER', 'SHIPPING'),
      percentage: fc.boolean(),
      basisPoints: fc.integer({ min: 1, max: 10_000 }),
      amount: fc.bigInt(1n, 300n * 10n ** BigInt(minorDigits(currency))),
      maximum: fc.option(fc.bigInt(1n, 200n * 10n ** BigInt(minorDigits(currency)))),
      oncePerOrder: fc.boolean(),
      priority: fc.integer({ min: 0, max: 3 }),
      combinesWith: anyClasses,
      targetSkus: fc.constantFrom([], ['A'], ['A', 'B']),
    })
    .map(({ appliesTo, percentage, basisPoints, amount, oncePerOrder, targetSkus, ...rest }) => ({
      ...nothing,
      ...rest,
      id: newId('dsc'),
      appliesTo,
      kind: appliesTo === 'SHIPPING' ? 'FREE_SHIPPING' : percentage ? 'PERCENTAGE' : 'FIXED_AMOUNT',
      basisPoints: appliesTo !== 'SHIPPING' && percentage ? basisPoints : null,
      amount: appliesTo !== 'SHIPPING' && !percentage ? amount : null,
      oncePerOrder: appliesTo === 'LINE' && oncePerOrder,
      targetSkus: appliesTo === 'LINE' ? targetSkus : [],
    }));
const anyCase = (currency: string) => fc.tuple(anyBasket(currency), fc.array(anyRule(currency), { maxLength: 6 }));

// Without decimals, with two and with three.
describe.each(['JPY', 'EUR', 'KWD'])('in %s', (currency) => {
  it('takes never more off a line or the shipping than they cost, never less than nothing, and adds up', () => {
    fc.assert(
      fc.property(anyCase(currency), ([basket, rules]) => {
        const offs = applyAll(inOrderOfApplication(rules), basket);
        const costs = basket.lines.map(({ quantity, unitPrice, discount }) => unitPrice * BigInt(quantity) - discount);
        for (const off of offs) expect([...off.amounts, off.shipping].every((amount) => amount >= 0n)).toBe(true);
        for (const [index, cost] of costs.entries()) expect(sum(offs.map((off) => off.amounts[index] ?? 0n)) <= cost).toBe(true);
        expect(sum(offs.map((off) => off.shipping)) <= basket.shipping).toBe(true);
        for (const off of offs) expect(worthOf(off)).toBe(sum(off.amounts) + off.shipping);
      }),
    );
  });

  it('never takes more than the maximum, and off the order exactly its share, to the smallest unit', () => {
    fc.assert(
      fc.property(anyCase(currency), ([basket, rules]) => {
        for (const each of rules) {
          const [off] = applyAll([each], basket);
          const worth = off ? worthOf(off) : 0n;
          expect(worth <= (each.maximum ?? worth)).toBe(true);
          if (each.appliesTo !== 'ORDER') continue;
          const whole = sum(basket.lines.map(({ quantity, unitPrice, discount }) => unitPrice * BigInt(quantity) - discount));
          const exact = each.basisPoints === null ? (each.amount ?? 0n) : (2n * whole * BigInt(each.basisPoints) + 10_000n) / 20_000n;
          expect(worth).toBe([whole, exact, each.maximum ?? exact].reduce((least, amount) => (amount < least ? amount : least)));
        }
      }),
    );
  });

  it('gives the same whatever order the discounts come in', () => {
    fc.assert(
      fc.property(anyCase(currency), fc.gen(), ([basket, rules], pick) => {
        const shuffled = pick(() => fc.shuffledSubarray(rules, { minLength: rules.length }));
        expect(applyAll(inOrderOfApplication(shuffled), basket)).toEqual(applyAll(inOrderOfApplication(rules), basket));
        expect(bestAutomatic([], shuffled, basket)).toEqual(bestAutomatic([], rules, basket));
      }),
    );
  });

  it('finds among automatic discounts no worse than the best of all sets that can be combined', () => {
    const total = (rules: readonly DiscountRule[], basket: Basket) => sum(applyAll(inOrderOfApplication(rules), basket).map(worthOf));
    fc.assert(
      fc.property(anyBasket(currency), anyRule(currency), fc.array(anyRule(currency), { maxLength: 5 }), (basket, code, rules) => {
        const fits = (set: readonly DiscountRule[]) =>
          set.every((one, index) => combine(one, code) && set.slice(index + 1).every((other) => combine(one, other)));
        const sets = Array.from({ length: 2 ** rules.length }, (_, bits) => rules.filter((_each, index) => bits & (1 << index))).filter(
          fits,
        );
        const chosen = bestAutomatic([code], rules, basket);
        expect(fits(chosen)).toBe(true);
        const best = sets.map((set) => total([code, ...set], basket)).reduce((most, each) => (each > most ? each : most));
        // Rounding may turn one unit per discount when one more stands before it.
        expect(total([code, ...chosen], basket) >= best - BigInt(rules.length * basket.lines.length)).toBe(true);
      }),
    );
  });
});

it('names as combinations only sets that can be combined, and every one is part of them', () => {
  fc.assert(
    fc.property(fc.array(anyRule('EUR'), { maxLength: 6 }), (rules) => {
      const fits = (set: readonly DiscountRule[]) => set.every((one, index) => set.slice(index + 1).every((other) => combine(one, other)));
      const named = [...combinations(rules)];
      expect(named.every(fits)).toBe(true);
      const sets = Array.from({ length: 2 ** rules.length }, (_, bits) => rules.filter((_each, index) => bits & (1 << index)));
      for (const set of sets.filter((each) => each.length > 0 && fits(each)))
        expect(named.some((whole) => set.every((each) => whole.includes(each)))).toBe(true);
    }),
  );
});

describe('amounts, to the cent', () => {
  const off = (given: Partial<DiscountRule>, basket: Basket) => applyAll([rule(given)], basket)[0];
  const basket = { lines: [line(3, 333n, { sku: 'A' }), line(1, 1n), line(2, 50n, { productId: 'P' })], shipping: 490n };

  it('rounds a percentage half up per line', () => {
    // 10 % of 9.99, 0.01 and 1.00; 5 % of 0.10 is half a cent.
    expect(off({ appliesTo: 'LINE', basisPoints: 1000 }, basket)).toEqual({ amounts: [100n, 0n, 10n], shipping: 0n });
    expect(off({ appliesTo: 'LINE', basisPoints: 500 }, { lines: [line(1, 10n), line(1, 9n)], shipping: 0n })?.amounts).toEqual([1n, 0n]);
  });

  it('shares an amount off the order by what lines cost, the largest remainder first', () => {
    expect(
      off({ kind: 'FIXED_AMOUNT', amount: 100n }, { lines: [line(1, 100n), line(1, 100n), line(1, 100n)], shipping: 0n })?.amounts,
    ).toEqual([34n, 33n, 33n]);
  });

  it('takes a fixed amount off each unit of the goods it targets, by SKU or product', () => {
    expect(
      off({ kind: 'FIXED_AMOUNT', appliesTo: 'LINE', amount: 20n, targetSkus: ['A'], targetProductIds: ['P'] }, basket)?.amounts,
    ).toEqual([60n, 0n, 40n]);
  });

  it('takes it off one unit, the cheapest, when it is once per order', () => {
    expect(off({ kind: 'FIXED_AMOUNT', appliesTo: 'LINE', amount: 20n, oncePerOrder: true }, basket)?.amounts).toEqual([0n, 1n, 0n]);
    expect(off({ appliesTo: 'LINE', basisPoints: 5000, oncePerOrder: true, targetSkus: ['A'] }, basket)?.amounts).toEqual([167n, 0n, 0n]);
  });

  it('takes what the shipping costs, and no more than its maximum', () => {
    expect(off({ kind: 'FREE_SHIPPING', appliesTo: 'SHIPPING' }, basket)).toEqual({ amounts: [0n, 0n, 0n], shipping: 490n });
    expect(off({ kind: 'FREE_SHIPPING', appliesTo: 'SHIPPING', maximum: 300n }, basket)?.shipping).toBe(300n);
  });

  it('applies the higher priority first, each to what is left', () => {
    const [half, tenth] = [rule({ basisPoints: 5000, priority: 1 }), rule({ basisPoints: 1000, priority: 2 })];
    const offs = applyAll(inOrderOfApplication([half, tenth]), { lines: [line(1, 1000n)], shipping: 0n });
    expect(offs.map(worthOf)).toEqual([100n, 450n]);
  });
});

describe('what a basket has to have', () => {
  const basket = { lines: [line(2, 500n, { sku: 'A', discount: 100n }), line(10, 1000n, { sku: 'B' })], shipping: 0n };
  const refused = (given: Partial<DiscountRule>) => basketRefusal(rule({ basisPoints: 1000, ...given }), basket);

  it('is looked for among the goods to which the discount applies, less what was taken off by hand', () => {
    const ofA = { appliesTo: 'LINE', targetSkus: ['A'] } as const;
    expect(refused({ ...ofA, minimumSubtotal: 900n })).toBeNull();
    expect(refused({ ...ofA, minimumSubtotal: 901n })).toBe('MINIMUM_SUBTOTAL_NOT_MET');
    expect(refused({ ...ofA, minimumQuantity: 2 })).toBeNull();
    expect(refused({ ...ofA, minimumQuantity: 3 })).toBe('MINIMUM_QUANTITY_NOT_MET');
    expect(refused({ minimumQuantity: 12 })).toBeNull();
    expect(refused({ ...ofA, targetSkus: ['C'] })).toBe('NO_ELIGIBLE_LINE');
    expect(refused({ kind: 'FREE_SHIPPING', appliesTo: 'SHIPPING', basisPoints: null })).toBe('NOTHING_TO_DISCOUNT');
  });
});
