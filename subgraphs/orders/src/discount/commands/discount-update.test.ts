import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { ordersHarness } from '../../../test/desk.ts';
import { applied, discountOf, evaluate, orderOf } from '../../../test/discounts.ts';
import { redeemDiscounts } from '../redeem.ts';

const orders = await ordersHarness();
const desk = orders.desk();
const terms = 'discount { title basisPoints usageLimit endsAt amounts { currency maximum { amount } } combinesWith }';

describe('discountUpdate', () => {
  it('changes what is named, takes away what is null, and leaves the rest', async () => {
    const { id, code } = await discountOf(desk, {
      usageLimit: 5,
      endsAt: '2126-01-01T00:00:00.000Z',
      amounts: [{ currency: 'EUR', maximum: 100 }],
    });
    const before = { title: 'Ten off', basisPoints: 1000, usageLimit: 5, endsAt: '2126-01-01T00:00:00.000Z', combinesWith: [] };
    const update = async (rest: object) => (await desk.mutate('discountUpdate', { discountId: id, ...rest }, terms)).discount;
    expect(await update({ title: 'Twenty off', basisPoints: 2000 })).toEqual({
      ...before,
      title: 'Twenty off',
      basisPoints: 2000,
      amounts: [{ currency: 'EUR', maximum: { amount: 100 } }],
    });
    expect(await update({ usageLimit: null, endsAt: null, amounts: [], combinesWith: ['ORDER'] })).toEqual({
      title: 'Twenty off',
      basisPoints: 2000,
      usageLimit: null,
      endsAt: null,
      amounts: [],
      combinesWith: ['ORDER'],
    });
    expect((await evaluate(desk, { codes: [code] })).applied).toMatchObject([{ label: 'Twenty off', amounts: [500n] }]);
    expect(
      await orders.admin(`select count(*)::int as events from events.log where type = 'discount.updated' and aggregate = $1`, [id]),
    ).toEqual([{ events: 2 }]);
  });

  it('never lets the limit fall below the uses, whatever is placed meanwhile', async () => {
    const { id, code } = await discountOf(desk, { usageLimit: 5 });
    const placed = await Promise.all(Array.from({ length: 5 }, () => desk.order()));
    const acts = placed.map((order) => async () => {
      const now = new Date();
      return desk.write(async (tx) => redeemDiscounts(tx, orderOf(order.id), await applied(tx, { codes: [code], at: now }), now));
    });
    await Promise.all([
      ...acts.map((act) => act()),
      ...[1, 2, 3].map((usageLimit) => desk.mutate('discountUpdate', { discountId: id, usageLimit })),
    ]);
    const { discount } = await desk.staff.data<{ discount: { used: number; usageLimit: number } }>(
      'query ($id: ID!) { discount(id: $id) { used usageLimit } }',
      { id },
    );
    expect(discount.used <= discount.usageLimit).toBe(true);
    await desk.mutate('discountUpdate', { discountId: id, usageLimit: discount.used });
    if (discount.used > 1)
      expect(await desk.refused('discountUpdate', { discountId: id, usageLimit: discount.used - 1 })).toEqual([
        ['LIMIT_BELOW_USED', 'usageLimit'],
      ]);
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const { id } = await discountOf(desk);
    const foreign = await discountOf(orders.desk());
    const refused = (rest: object, discountId: string = id) => desk.refused('discountUpdate', { discountId, ...rest });
    expect(await refused({ title: null })).toEqual([['REQUIRED', 'title']]);
    expect(await refused({ basisPoints: null })).toEqual([['REQUIRED', 'basisPoints']]);
    expect(await refused({ targetSkus: ['A'] })).toEqual([['INVALID', 'targetSkus']]);
    expect(await refused({ amounts: [{ currency: 'EUR', amount: 1 }] })).toEqual([['INVALID', 'amounts.0.amount']]);
    expect(await refused({ endsAt: '2001-01-01T00:00:00Z' })).toEqual([['INVALID', 'endsAt']]);
    expect(await refused({ targetSkus: ['x'.repeat(101)] })).toEqual([['TOO_LONG', 'targetSkus.0']]);
    expect(await refused({ title: 'x' }, 'nonsense')).toEqual([['NOT_FOUND', 'discountId']]);
    expect(await refused({ title: 'x' }, newId('dsc'))).toEqual([['NOT_FOUND', 'discountId']]);
    expect(await refused({ title: 'x' }, foreign.id)).toEqual([['NOT_FOUND', 'discountId']]);
    expect((await desk.mutate('discountUpdate', { discountId: id }, 'discount { title }')).discount).toEqual({ title: 'Ten off' });
    await desk.mutate('discountArchive', { discountId: id });
    expect(await refused({ title: 'x' })).toEqual([['ARCHIVED', null]]);
  });
});
