import { expect, test } from 'vitest';
import { ordersHarness } from '../../../test/desk.ts';
import { inADay, shopOf } from '../../../test/shop.ts';

const harness = await ordersHarness();
const desk = harness.desk();

test('offers come back sealed, in the order in which they were asked for, and say nothing to those who carry them', async () => {
  const shop = shopOf(desk);
  const [first, second] = [await shop.goods({ name: 'Lantern', price: 4711 }), await shop.goods({ name: 'Lantern', price: 4711 })];
  expect(first).not.toBe(second);
  expect(Buffer.from(first, 'base64url').toString('latin1')).not.toContain('Lantern');
});

test('bad input: amounts, dates, taxes and lists out of bounds, and no currency to fall back on', async () => {
  const goods = { name: 'Lantern', price: 1, currency: 'EUR', expiresAt: inADay() };
  const refused = async (input: object) =>
    (await desk.mutate<object>('cartOffersCreate', input, 'offers { goods }')).userErrors.map(({ code, field }) => [
      code,
      field?.join('.'),
    ]);
  expect(await refused({ goods: [{ ...goods, price: -1 }] })).toEqual([['INVALID', 'goods.0.price']]);
  expect(await refused({ goods: [goods, { ...goods, taxRate: 10_001, maxQuantity: 0 }] })).toEqual([
    ['INVALID', 'goods.1.taxRate'],
    ['INVALID', 'goods.1.maxQuantity'],
  ]);
  expect(await refused({ goods: [{ ...goods, expiresAt: '2020-01-01T00:00:00.000Z' }] })).toEqual([['INVALID', 'goods.0.expiresAt']]);
  expect(await refused({ shipping: [{ name: 'P', price: 1, currency: 'EUR', expiresAt: '2999-01-01T00:00:00.000Z' }] })).toEqual([
    ['INVALID', 'shipping.0.expiresAt'],
  ]);
  expect(await refused({ goods: Array.from({ length: 101 }, () => goods) })).toEqual([['TOO_LONG', 'goods']]);
  expect(await refused({ goods: [{ ...goods, currency: null }] })).toEqual([['REQUIRED', 'goods.0.currency']]);
  expect(await refused({ goods: [{ ...goods, name: ' ', imageUrl: 'http://insecure.test' }] })).toEqual([
    ['REQUIRED', 'goods.0.name'],
    ['INVALID', 'goods.0.imageUrl'],
  ]);
});
