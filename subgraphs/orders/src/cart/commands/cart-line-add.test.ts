import { expect, test } from 'vitest';
import { movableClock } from '@storegraph/core';
import { ordersHarness } from '../../../test/desk.ts';
import { shopOf } from '../../../test/shop.ts';

const clock = movableClock(new Date());
const harness = await ordersHarness({ clock });
const desk = harness.desk();
const shop = shopOf(desk);

test('goods cost what the store offered, and the same goods again add to their line at the newer price', async () => {
  const cart = await shop.cart();
  const dear = await shop.goods({ sku: 'LAMP', price: 1000, taxRate: 1900, taxIncluded: true });
  const cheap = await shop.goods({ sku: 'LAMP', price: 900, taxRate: 1900, taxIncluded: true });
  await shop.mutate('cartLineAdd', { ...cart, offer: dear, quantity: 2 });
  const { cart: after } = await shop.mutate('cartLineAdd', { ...cart, offer: cheap });
  expect(after).toMatchObject({
    units: 3,
    lines: [{ quantity: 3, total: { amount: 2700 } }],
    totals: { subtotal: { amount: 2700 }, tax: { amount: 431 }, total: { amount: 2700 } },
  });
});

test('tax is added to net prices, half up by line', async () => {
  const { cart } = await shop.mutate('cartLineAdd', {
    ...(await shop.cart([await shop.goods({ price: 1005, taxRate: 1000 })])),
    offer: await shop.goods({ price: 1004, taxRate: 1000 }),
  });
  expect(cart?.totals).toMatchObject({ subtotal: { amount: 2009 }, tax: { amount: 201 }, total: { amount: 2210 } });
});

test('of goods that are put in at once none is lost', async () => {
  const [cart, offer] = [await shop.cart(), await shop.goods({ maxQuantity: 20 })];
  const answers = await Promise.all(Array.from({ length: 25 }, () => shop.mutate('cartLineAdd', { ...cart, offer })));
  expect(answers.filter(({ userErrors }) => userErrors.length === 0)).toHaveLength(20);
  expect(await shop.read(cart)).toMatchObject({ units: 20, lines: [{ quantity: 20 }] });
});

test("bad input: an offer that was changed, is another store's, of shipping, in another currency, too old", async () => {
  const cart = await shop.cart([await shop.goods({ taxIncluded: true })]);
  const refused = async (offer: string, rest: object = {}) => shop.refused('cartLineAdd', { ...cart, offer, ...rest });
  const good = await shop.goods({ taxIncluded: true, maxQuantity: 3 });
  expect(await refused(`${good.slice(0, 40)}${good[40] === 'A' ? 'B' : 'A'}${good.slice(41)}`)).toEqual([['OFFER_INVALID', 'offer']]);
  expect(await refused('nothing')).toEqual([['OFFER_INVALID', 'offer']]);
  expect(await refused(await shopOf(harness.desk()).goods())).toEqual([['OFFER_INVALID', 'offer']]);
  expect(await refused(await shop.shipping())).toEqual([['OFFER_INVALID', 'offer']]);
  expect(await refused(await shop.goods({ currency: 'USD' }))).toEqual([['CURRENCY_MISMATCH', 'offer']]);
  expect(await refused(await shop.goods())).toEqual([['TAX_MISMATCH', 'offer']]);
  expect(await refused(good, { quantity: 4 })).toEqual([['QUANTITY_TOO_HIGH', 'quantity']]);
  expect(await refused(good, { quantity: 0 })).toEqual([['INVALID', 'quantity']]);
  expect(await refused(good, { token: 'not-the-secret' })).toEqual([['NOT_FOUND', 'cartId']]);
  clock.advance(25 * 60 * 60_000);
  expect(await refused(good)).toEqual([['OFFER_EXPIRED', 'offer']]);
  expect((await shop.read(cart))?.problems).toEqual([{ code: 'OFFER_EXPIRED', reason: null }]);
});
