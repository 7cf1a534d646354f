import { newId } from '@storegraph/core';
import { expect, test } from 'vitest';
import { ordersHarness } from '../../../test/desk.ts';
import { shopOf } from '../../../test/shop.ts';

const harness = await ordersHarness();
const desk = harness.desk();
const shop = shopOf(desk);

test('a claimed cart is the customer’s: its secret opens it no more, to nobody', async () => {
  const [ada, eve] = [await desk.customer(), await desk.customer()];
  const cart = await shop.cart([await shop.goods()]);
  expect((await shop.mutate('cartClaim', cart, shop.customer(ada))).userErrors).toEqual([]);
  expect(await shop.read(cart)).toBeNull();
  expect(await shop.read(cart, shop.customer(eve))).toBeNull();
  expect(await shop.read({ ...cart, token: '' }, shop.customer(ada))).toMatchObject({ units: 1 });
  // The same again, as after a lost answer.
  expect((await shop.mutate('cartClaim', cart, shop.customer(ada))).userErrors).toEqual([]);
});

test('of two customers who claim a cart at once one gets it', async () => {
  const customers = await Promise.all(Array.from({ length: 6 }, () => desk.customer()));
  const cart = await shop.cart();
  const answers = await Promise.all(customers.map((id) => shop.mutate('cartClaim', cart, shop.customer(id))));
  expect(answers.filter(({ userErrors }) => userErrors.length === 0)).toHaveLength(1);
});

test('bad input: without the secret, by a visitor, by a customer who is unknown, of another store', async () => {
  const [cart, ada] = [await shop.cart(), await desk.customer()];
  expect(await shop.refused('cartClaim', { cartId: cart.cartId }, shop.customer(ada))).toEqual([['NOT_FOUND', 'cartId']]);
  expect(await shop.refused('cartClaim', cart, desk.staff)).toEqual([['LOGIN_REQUIRED', null]]);
  expect(
    await shop.visitor.codes('mutation ($input: CartClaimInput!) { cartClaim(input: $input) { userErrors { code } } }', { input: cart }),
  ).toEqual(['UNAUTHENTICATED']);
  expect(await shop.refused('cartClaim', cart, shop.customer(newId('cus')))).toEqual([['NOT_FOUND', 'customerId']]);
  const elsewhere = harness.desk();
  expect(await shop.refused('cartClaim', cart, shopOf(elsewhere).customer(await elsewhere.customer()))).toEqual([['NOT_FOUND', 'cartId']]);
});
