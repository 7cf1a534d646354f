import { expect, test } from 'vitest';
import { ordersHarness } from '../../../test/desk.ts';
import { shopOf } from '../../../test/shop.ts';

const harness = await ordersHarness();
const shop = shopOf(harness.desk());

test('shipping costs what the store offered, and can be chosen again', async () => {
  const cart = await shop.cart([await shop.goods()]);
  const choose = async (offer: string | null) => (await shop.mutate('cartShippingSet', { ...cart, offer })).cart?.totals.total.amount;
  expect(await choose(await shop.shipping({ price: 490 }))).toBe(1740);
  expect(await choose(await shop.shipping({ price: 0 }))).toBe(1250);
  expect(await choose(await shop.shipping({ price: 990 }))).toBe(2240);
  expect(await choose(null)).toBe(1250);
});

test('bad input: goods instead of shipping, another currency, a changed offer', async () => {
  const cart = await shop.cart([await shop.goods()]);
  expect(await shop.refused('cartShippingSet', { ...cart, offer: await shop.goods() })).toEqual([['OFFER_INVALID', 'offer']]);
  expect(await shop.refused('cartShippingSet', { ...cart, offer: await shop.shipping({ currency: 'JPY' }) })).toEqual([
    ['CURRENCY_MISMATCH', 'offer'],
  ]);
  expect(await shop.refused('cartShippingSet', { ...cart, offer: 'v1.x.y' })).toEqual([['OFFER_INVALID', 'offer']]);
});
