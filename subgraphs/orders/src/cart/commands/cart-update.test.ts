import { expect, test } from 'vitest';
import { ordersHarness } from '../../../test/desk.ts';
import { shopOf } from '../../../test/shop.ts';

const harness = await ordersHarness();
const desk = harness.desk();
const shop = shopOf(desk);

test('what is left out stays, null clears', async () => {
  const cart = await shop.cart();
  const address = { line1: '1 Main Street', city: 'Berlin', country: 'de' };
  await shop.mutate('cartUpdate', { ...cart, shippingAddress: address, customerNote: 'Ring twice' });
  await shop.mutate('cartUpdate', { ...cart, customerNote: null });
  const { cart: read } = await shop.visitor.data<{ cart: object }>(
    'query ($id: ID!, $token: String) { cart(id: $id, token: $token) { contact { name email phone } shippingAddress { line1 country } billingAddress { city } customerNote } }',
    { id: cart.cartId, token: cart.token },
  );
  expect(read).toEqual({
    contact: { name: 'Ada', email: 'ada@example.com', phone: null },
    shippingAddress: { line1: '1 Main Street', country: 'DE' },
    billingAddress: null,
    customerNote: null,
  });
});

test("bad input: no address, no such country, too long, somebody else's cart", async () => {
  const cart = await shop.cart();
  expect(await shop.refused('cartUpdate', { ...cart, contact: { email: 'nobody' }, shippingAddress: { country: 'XX' } })).toEqual([
    ['INVALID', 'contact.email'],
    ['INVALID', 'shippingAddress.country'],
  ]);
  expect(await shop.refused('cartUpdate', { ...cart, customerNote: 'x'.repeat(5_001) })).toEqual([['TOO_LONG', 'customerNote']]);
  expect(await shop.refused('cartUpdate', { cartId: cart.cartId, customerNote: 'mine' })).toEqual([['NOT_FOUND', 'cartId']]);
  expect(await shop.refused('cartUpdate', { ...cart, customerNote: 'mine' }, shopOf(harness.desk()).visitor)).toEqual([
    ['NOT_FOUND', 'cartId'],
  ]);
});
