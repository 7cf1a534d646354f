import { newId } from '@storegraph/core';
import { expect, test } from 'vitest';
import { ordersHarness } from '../../../test/desk.ts';
import { shopOf } from '../../../test/shop.ts';

const harness = await ordersHarness();
const shop = shopOf(harness.desk());

test('a line has as many as said, and none takes it out', async () => {
  const cart = await shop.cart([await shop.goods({ taxIncluded: true }), await shop.goods({ taxIncluded: true, price: 100 })]);
  const [first, second] = (await shop.read(cart))?.lines ?? [];
  expect((await shop.mutate('cartLineUpdate', { ...cart, lineId: first?.id, quantity: 4 })).cart).toMatchObject({
    units: 5,
    totals: { total: { amount: 5100 } },
  });
  expect((await shop.mutate('cartLineUpdate', { ...cart, lineId: first?.id, quantity: 0 })).cart).toMatchObject({
    lines: [{ id: second?.id }],
  });
  // The last line takes with it what decided about taxes.
  await shop.mutate('cartLineUpdate', { ...cart, lineId: second?.id, quantity: 0 });
  expect((await shop.mutate('cartLineAdd', { ...cart, offer: await shop.goods() })).userErrors).toEqual([]);
});

test("bad input: a line that is not there, another cart's, too many, fewer than none, a fraction", async () => {
  const [cart, other] = [await shop.cart([await shop.goods({ maxQuantity: 3 })]), await shop.cart([await shop.goods()])];
  const lineId = (await shop.read(cart))?.lines[0]?.id;
  const foreign = (await shop.read(other))?.lines[0]?.id;
  expect(await shop.refused('cartLineUpdate', { ...cart, lineId: newId('crl'), quantity: 1 })).toEqual([['NOT_FOUND', 'lineId']]);
  expect(await shop.refused('cartLineUpdate', { ...cart, lineId: foreign, quantity: 1 })).toEqual([['NOT_FOUND', 'lineId']]);
  expect(await shop.refused('cartLineUpdate', { ...cart, lineId, quantity: 4 })).toEqual([['QUANTITY_TOO_HIGH', 'quantity']]);
  expect(await shop.refused('cartLineUpdate', { ...cart, lineId, quantity: -1 })).toEqual([['INVALID', 'quantity']]);
  await expect(shop.mutate('cartLineUpdate', { ...cart, lineId, quantity: 1.5 })).rejects.toThrow();
  expect(await shop.read(cart)).toMatchObject({ units: 1 });
});
