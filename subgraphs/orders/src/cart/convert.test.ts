import { movableClock } from '@storegraph/core';
import { identity } from '@storegraph/testing';
import { expect, test } from 'vitest';
import { key, line, ordersHarness } from '../../test/desk.ts';
import { checkout, shopOf } from '../../test/shop.ts';
import { abandon } from './jobs.ts';

const clock = movableClock(new Date());
const harness = await ordersHarness({ clock });
const desk = harness.desk();
const shop = shopOf(desk);
const program = desk.as(identity.apiKey(desk.storeId, ['orders:read', 'orders:write']));
const hour = 60 * 60_000;

/** An offer of 1 EUR that stands for an hour from what the clock says. */
const offer = () => shop.goods({ price: 100, expiresAt: new Date(clock.now().getTime() + hour).toISOString() });

const outside = async (externalId: string) => {
  const { cart } = await shop.mutate('cartCreate', { currency: 'EUR', source: 'SHOPIFY', externalId }, program);
  const open = { cartId: cart?.id ?? '' };
  await shop.mutate('cartLineAdd', { ...open, offer: await offer() }, program);
  await shop.mutate('cartUpdate', { ...open, contact: { email: `${externalId}@example.com` } }, program);
  return open;
};
const sold = (cartId: string, rest: object = {}) => ({
  idempotencyKey: key(),
  currency: 'EUR',
  lines: [line({ quantity: 1, unitPrice: 100 })],
  source: 'SHOPIFY',
  cartId,
  ...rest,
});
const read = async (id: string) =>
  (await program.data<{ cart: object }>('query ($id: ID!) { cart(id: $id) { status order { id } convertedAt recoveredAt } }', { id })).cart;
const heardOf = (cartId: string) =>
  harness.admin<{ type: string; payload: object }>('select type, payload from events.log where aggregate = $1 order by id', [cartId]);

test('what an outside shop has sold is an order, and its cart converted, which nobody is written to about', async () => {
  const cart = await outside('co-1');
  const idempotencyKey = key();
  const order = await desk.order(sold(cart.cartId, { externalId: 'so-1', idempotencyKey }));
  expect(await desk.order(sold(cart.cartId, { externalId: 'so-1', idempotencyKey }))).toEqual(order);
  clock.advance(hour + 1);
  await harness.runJob(abandon);
  expect(await read(cart.cartId)).toEqual({
    status: 'CONVERTED',
    order: { id: order.id },
    convertedAt: expect.any(String),
    recoveredAt: null,
  });
  expect(await heardOf(cart.cartId)).toEqual([
    {
      type: 'cart.checkedOut',
      payload: {
        cartId: cart.cartId,
        customerId: null,
        orderId: order.id,
        total: { amount: { $bigint: '100' }, currency: 'EUR' },
        recovered: false,
      },
    },
  ]);
});

test('an abandoned cart that is sold after all was recovered, also once it had expired', async () => {
  const [left, expired] = [await outside('co-2'), await outside('co-3')];
  clock.advance(hour + 1);
  await harness.runJob(abandon);
  await desk.order(sold(left.cartId));
  clock.advance(31 * 24 * hour);
  expect(await read(expired.cartId)).toMatchObject({ status: 'EXPIRED' });
  await desk.order(sold(expired.cartId));
  for (const { cartId } of [left, expired]) {
    expect(await read(cartId)).toMatchObject({ status: 'CONVERTED', recoveredAt: expect.any(String) });
    expect((await heardOf(cartId)).map(({ type }) => type)).toEqual(['cart.abandoned', 'cart.recovered', 'cart.checkedOut']);
  }
});

test('the order of a checked-out cart is of the shop system that keeps the cart', async () => {
  const cart = await outside('co-4');
  const { cart: done } = await shop.mutate('cartCheckout', { ...checkout({ ...cart, token: '' }, 100), token: null }, program);
  expect(await program.data('query ($id: ID!) { order(id: $id) { source } }', { id: done?.order?.id })).toEqual({
    order: { source: 'SHOPIFY' },
  });
});

test('of orders and checkouts of one cart at once one is placed', async () => {
  const cart = await shop.cart([await offer()]);
  const before = await harness.admin('select count(*)::int as orders from orders.orders');
  const [placed, checkedOut] = await Promise.all([
    Promise.all(Array.from({ length: 6 }, () => desk.mutate<{ order: object | null }>('orderCreate', sold(cart.cartId)))),
    Promise.all(Array.from({ length: 6 }, () => shop.mutate('cartCheckout', checkout(cart, 100)))),
  ]);
  expect([...placed.filter(({ order }) => order !== null), ...checkedOut.filter((answer) => answer.cart !== null)]).toHaveLength(1);
  const codes = [...placed, ...checkedOut].flatMap(({ userErrors }) => userErrors.map(({ code }) => code));
  expect(codes).toHaveLength(11);
  expect(codes.every((code) => code === 'CART_CONVERTED' || code === 'CONVERTED')).toBe(true);
  expect(await harness.admin('select count(*)::int - 1 as orders from orders.orders')).toEqual(before);
});

test('bad input: no cart of this store, one that is converted already', async () => {
  const cart = await outside('co-5');
  await desk.order(sold(cart.cartId));
  const refused = (cartId: string, on = desk) => on.refused('orderCreate', sold(cartId));
  expect(await refused(cart.cartId)).toEqual([['CART_CONVERTED', 'cartId']]);
  expect(await refused((await outside('co-6')).cartId, harness.desk())).toEqual([['NOT_FOUND', 'cartId']]);
  expect(await refused('crt_nonsense')).toEqual([['NOT_FOUND', 'cartId']]);
});
