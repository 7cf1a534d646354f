import { expect, test } from 'vitest';
import { ordersHarness } from '../../../test/desk.ts';
import { shopOf } from '../../../test/shop.ts';

const harness = await ordersHarness();
const desk = harness.desk();
const shop = shopOf(desk);

async function discount(code: string, rest: object): Promise<void> {
  const { userErrors } = await desk.mutate('discountCreate', { title: `Off by ${code}`, method: 'CODE', code, ...rest }, 'discount { id }');
  expect(userErrors).toEqual([]);
}

test('codes take off what they give, and every cent of it stands on a line', async () => {
  await discount('TEN', { kind: 'PERCENTAGE', basisPoints: 1000, appliesTo: 'ORDER' });
  const cart = await shop.cart([await shop.goods({ price: 999 }), await shop.goods({ price: 334 })]);
  const { cart: after } = await shop.mutate('cartDiscountCodesSet', { ...cart, codes: ['ten', 'TEN'] });
  expect(after?.totals).toMatchObject({ subtotal: { amount: 1333 }, discount: { amount: 133 }, total: { amount: 1200 } });
  expect(after?.lines.map(({ total }) => total.amount)).toEqual([899, 301]);
  expect((await shop.mutate('cartDiscountCodesSet', { ...cart, codes: [] })).cart?.totals.total.amount).toBe(1333);
});

test('a code that no longer applies stays, takes nothing off and says why', async () => {
  await discount('BIG', {
    kind: 'PERCENTAGE',
    basisPoints: 5000,
    appliesTo: 'ORDER',
    amounts: [{ currency: 'EUR', minimumSubtotal: 2000 }],
  });
  const cart = await shop.cart([await shop.goods({ price: 1000 })]);
  const lineId = (await shop.read(cart))?.lines[0]?.id;
  await shop.mutate('cartLineUpdate', { ...cart, lineId, quantity: 2 });
  expect((await shop.mutate('cartDiscountCodesSet', { ...cart, codes: ['BIG'] })).cart?.totals.total.amount).toBe(1000);
  expect((await shop.mutate('cartLineUpdate', { ...cart, lineId, quantity: 1 })).cart).toMatchObject({
    totals: { total: { amount: 1000 }, discount: { amount: 0 } },
    problems: [{ code: 'CODE_REFUSED', reason: 'MINIMUM_SUBTOTAL_NOT_MET' }],
  });
});

test('whoever tries code after code is stopped, and others are not', async () => {
  const searched = shopOf(harness.desk());
  const cart = await searched.cart([await searched.goods()]);
  const codes = (at: number) => Array.from({ length: 10 }, (_, index) => `GUESS-${at}-${index}`);
  for (const at of [1, 2]) expect(await searched.refused('cartDiscountCodesSet', { ...cart, codes: codes(at) })).toHaveLength(10);
  expect(await searched.refused('cartDiscountCodesSet', { ...cart, codes: ['ANY'] })).toEqual([['RATE_LIMITED', null]]);
  expect((await shop.mutate('cartDiscountCodesSet', { ...(await shop.cart([await shop.goods()])), codes: ['TEN'] })).userErrors).toEqual(
    [],
  );
});

test('bad input: an unknown code, too many, too long', async () => {
  const cart = await shop.cart([await shop.goods()]);
  expect(await shop.refused('cartDiscountCodesSet', { ...cart, codes: ['NOPE'] })).toEqual([['CODE_REFUSED', 'codes.0']]);
  expect(await shop.refused('cartDiscountCodesSet', { ...cart, codes: Array.from({ length: 11 }, (_, at) => `C${at}`) })).toEqual([
    ['TOO_LONG', 'codes'],
  ]);
  expect(await shop.refused('cartDiscountCodesSet', { ...cart, codes: ['x'.repeat(101)] })).toEqual([['TOO_LONG', 'codes.0']]);
});
