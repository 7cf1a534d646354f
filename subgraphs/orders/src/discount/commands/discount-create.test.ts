import { describe, expect, it } from 'vitest';
import { ordersHarness } from '../../../test/desk.ts';
import { automatic } from '../../../test/discounts.ts';

const orders = await ordersHarness({ poolSize: 30 });
const desk = orders.desk();
const input = (rest: object = {}) => ({ title: 'Ten off', method: 'CODE', kind: 'PERCENTAGE', basisPoints: 1000, ...rest });
const refused = (rest: object) => desk.refused('discountCreate', input(rest));

describe('discountCreate', () => {
  it('makes a discount with all that it may have, and its first code', async () => {
    const { discount } = await desk.mutate(
      'discountCreate',
      input({
        title: ' Lanterns for less ',
        kind: 'FIXED_AMOUNT',
        basisPoints: null,
        amounts: [
          { currency: 'JPY', amount: 500 },
          { currency: 'EUR', amount: 300, minimumSubtotal: 5000, maximum: 900 },
        ],
        minimumQuantity: 2,
        startsAt: '2026-01-01T00:00:00.000Z',
        endsAt: '2126-01-01T00:00:00.000Z',
        usageLimit: 100,
        customerLimit: 1,
        priority: 7,
        combinesWith: ['SHIPPING', 'LINE', 'LINE'],
        targetSkus: ['A-1', 'A-1'],
        code: 'less 24',
      }),
      `discount { title method kind appliesTo status basisPoints minimumQuantity oncePerOrder startsAt endsAt usageLimit used customerLimit priority combinesWith
        targetSkus targetProductIds amounts { currency amount { amount } minimumSubtotal { amount currency } maximum { amount } }
        codes { totalCount nodes { code status used usageLimit } } code(code: "LESS24") { code } availableTransitions { name allowed reason } }`,
    );
    const can = (name: string, reason: string | null = null) => ({ name, allowed: reason === null, reason });
    expect(discount).toEqual({
      title: 'Lanterns for less',
      method: 'CODE',
      kind: 'FIXED_AMOUNT',
      appliesTo: 'LINE',
      status: 'ACTIVE',
      basisPoints: null,
      minimumQuantity: 2,
      oncePerOrder: false,
      startsAt: '2026-01-01T00:00:00.000Z',
      endsAt: '2126-01-01T00:00:00.000Z',
      usageLimit: 100,
      used: 0,
      customerLimit: 1,
      priority: 7,
      combinesWith: ['LINE', 'SHIPPING'],
      targetSkus: ['A-1'],
      targetProductIds: [],
      amounts: [
        { currency: 'EUR', amount: { amount: 300 }, minimumSubtotal: { amount: 5000, currency: 'EUR' }, maximum: { amount: 900 } },
        { currency: 'JPY', amount: { amount: 500 }, minimumSubtotal: null, maximum: null },
      ],
      codes: { totalCount: 1, nodes: [{ code: 'less 24', status: 'ACTIVE', used: 0, usageLimit: null }] },
      code: { code: 'less 24' },
      availableTransitions: [
        can('discountUpdate'),
        can('discountEnable', 'ALREADY_ENABLED'),
        can('discountDisable'),
        can('discountArchive'),
        can('discountCodeCreate'),
        can('discountCodeBatchCreate'),
      ],
    });
    expect(await orders.admin(`select payload->>'title' as title from events.log where type = 'discount.created'`)).toEqual([
      { title: 'Lanterns for less' },
    ]);
  });

  it('takes one of 20 that want the same code at once, however each types it', async () => {
    const words = ['welcome', 'WELCOME', 'Wel come', ' welcome '];
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => desk.mutate('discountCreate', input({ code: words[index % 4] }))),
    );
    expect(answers.map(({ userErrors }) => userErrors[0]?.code ?? 'OK').toSorted()).toEqual([
      ...Array<string>(19).fill('CODE_TAKEN'),
      'OK',
    ]);
    const { discounts } = await desk.staff.data('{ discounts(filter: { query: "wElcome" }) { totalCount } }');
    expect(discounts).toEqual({ totalCount: 1 });
    expect((await orders.desk().mutate('discountCreate', input({ code: 'welcome' }))).userErrors).toEqual([]);
  });

  it('lets a store have 25 automatic ones that are switched on, of 30 at once', async () => {
    const busy = orders.desk();
    const answers = await Promise.all(Array.from({ length: 30 }, () => automatic(busy).catch(() => null)));
    const made = answers.filter((answer) => answer !== null);
    expect(made).toHaveLength(25);
    expect(await busy.refused('discountCreate', input({ method: 'AUTOMATIC' }))).toEqual([['TOO_MANY', null]]);
    await busy.mutate('discountDisable', { discountId: made[0]?.id });
    await automatic(busy);
    expect(await busy.refused('discountEnable', { discountId: made[0]?.id })).toEqual([['TOO_MANY', null]]);
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const other = orders.desk();
    const bad = (rest: object) => other.refused('discountCreate', input(rest));
    expect(await bad({ title: ' ' })).toEqual([['REQUIRED', 'title']]);
    expect(await bad({ title: 'x'.repeat(201) })).toEqual([['TOO_LONG', 'title']]);
    expect(await bad({ basisPoints: null })).toEqual([['REQUIRED', 'basisPoints']]);
    expect(await bad({ basisPoints: 0 })).toEqual([['INVALID', 'basisPoints']]);
    expect(await bad({ basisPoints: 10_001 })).toEqual([['INVALID', 'basisPoints']]);
    expect(await bad({ kind: 'FIXED_AMOUNT' })).toEqual([
      ['INVALID', 'basisPoints'],
      ['REQUIRED', 'amounts'],
    ]);
    expect(await bad({ amounts: [{ currency: 'EUR', amount: 5 }] })).toEqual([['INVALID', 'amounts.0.amount']]);
    expect(await bad({ amounts: [{ currency: 'EUR', maximum: 5 }, { currency: 'EUR' }] })).toEqual([['INVALID', 'amounts.1.currency']]);
    expect(await bad({ amounts: [{ currency: 'EUR', maximum: 0 }] })).toEqual([['INVALID', 'amounts.0.maximum']]);
    expect(await bad({ kind: 'FREE_SHIPPING', basisPoints: null, appliesTo: 'ORDER' })).toEqual([['INVALID', 'appliesTo']]);
    expect(await bad({ appliesTo: 'ORDER', targetSkus: ['A'], oncePerOrder: true })).toEqual([
      ['INVALID', 'oncePerOrder'],
      ['INVALID', 'targetSkus'],
    ]);
    expect(await bad({ endsAt: '2026-01-01T00:00:00Z', startsAt: '2026-01-01T00:00:00Z' })).toEqual([['INVALID', 'endsAt']]);
    expect(await bad({ usageLimit: 0, customerLimit: 0 })).toEqual([
      ['INVALID', 'usageLimit'],
      ['INVALID', 'customerLimit'],
    ]);
    expect(await bad({ priority: -1 })).toEqual([['INVALID', 'priority']]);
    expect(await bad({ code: 'no/slash' })).toEqual([['INVALID', 'code']]);
    expect(await bad({ method: 'AUTOMATIC', code: 'X' })).toEqual([['INVALID', 'code']]);
    expect(await refused({ code: 'welcome' })).toEqual([['CODE_TAKEN', 'code']]);
    expect(await other.staff.data('{ discounts { totalCount } }')).toEqual({ discounts: { totalCount: 0 } });
  });
});
