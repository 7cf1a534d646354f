import { movableClock } from '@storegraph/core';
import { mailedTo } from '@storegraph/testing';
import { expect, test } from 'vitest';
import { ordersHarness } from '../../../test/desk.ts';
import { checkout, shopOf } from '../../../test/shop.ts';
import { abandon, prune } from '../jobs.ts';

const clock = movableClock(new Date());
const harness = await ordersHarness({ clock });
const desk = harness.desk();
const shop = shopOf(desk);

/** What was told of a cart, and to whom it may be given. */
const heardOf = (cartId: string) =>
  harness.admin<{ type: string; secret_for: string | null; personal: Record<string, unknown> | null }>(
    `select type, secret_for, personal from events.log where aggregate = $1 and type in ('cart.abandoned', 'cart.recovered') order by id`,
    [cartId],
  );
/** The secret of the link that the shopper is sent. */
const linkOf = async (cartId: string) =>
  (await mailedTo(harness, 'ada@example.com', 'cart.abandoned')).find(({ payload }) => payload['cartId'] === cartId)?.secret;
/** Runs a sweep as the workers do. */
const run = (job: typeof abandon) => harness.runJob(job);
const hour = 60 * 60_000;

test('a cart that is left is told of once, with the way back, and whoever takes it is back', async () => {
  const cart = await shop.cart([await shop.goods({ name: 'Lantern' })]);
  const [empty, unknown] = [await shop.cart(), (await shop.mutate('cartCreate', { currency: 'EUR' })).cart];
  await run(abandon);
  expect(await heardOf(cart.cartId)).toEqual([]);

  clock.advance(hour + 1);
  await run(abandon);
  await run(abandon);
  const [told, ...more] = await heardOf(cart.cartId);
  expect(more).toEqual([]);
  expect(told).toMatchObject({
    type: 'cart.abandoned',
    secret_for: 'messaging',
    personal: { email: 'ada@example.com', goods: [{ name: 'Lantern', quantity: 1 }] },
  });
  expect([...(await heardOf(empty.cartId)), ...(await heardOf(unknown?.id ?? ''))]).toEqual([]);
  expect(await shop.read(cart)).toMatchObject({ status: 'ABANDONED' });

  const recovered = await shop.mutate('cartRecover', { recoveryToken: await linkOf(cart.cartId) });
  expect(recovered).toMatchObject({ cart: { id: cart.cartId, status: 'ACTIVE', units: 1 }, userErrors: [] });
  expect(await shop.read(cart)).toBeNull();
  expect(await shop.read({ ...cart, token: recovered.token ?? '' })).not.toBeNull();
  expect((await heardOf(cart.cartId)).map(({ type }) => type)).toEqual(['cart.abandoned', 'cart.recovered']);
});

test('the link of a cart that has been checked out leads nowhere', async () => {
  const cart = await shop.cart([await shop.goods({ price: 100 })]);
  clock.advance(hour + 1);
  await run(abandon);
  await shop.mutate('cartCheckout', checkout(cart, 100));
  const secret = await linkOf(cart.cartId);
  expect(await shop.refused('cartRecover', { recoveryToken: secret })).toEqual([['CHECKED_OUT', null]]);
});

test("a customer's cart asks for the customer", async () => {
  const [ada, eve] = [await desk.customer(), await desk.customer()];
  const cart = await shop.cart([await shop.goods()], shop.customer(ada));
  clock.advance(hour + 1);
  await run(abandon);
  const recoveryToken = await linkOf(cart.cartId);
  expect(await shop.refused('cartRecover', { recoveryToken })).toEqual([['LOGIN_REQUIRED', null]]);
  expect(await shop.refused('cartRecover', { recoveryToken }, shop.customer(eve))).toEqual([['LOGIN_REQUIRED', null]]);
  expect((await shop.mutate('cartRecover', { recoveryToken }, shop.customer(ada))).cart).toMatchObject({ id: cart.cartId });
});

test('bad input: no such link, of another store, too long', async () => {
  expect(await shop.refused('cartRecover', { recoveryToken: 'recover_nothing' })).toEqual([['NOT_FOUND', 'recoveryToken']]);
  const cart = await shop.cart([await shop.goods()]);
  clock.advance(hour + 1);
  await run(abandon);
  const recoveryToken = await linkOf(cart.cartId);
  expect(await shopOf(harness.desk()).refused('cartRecover', { recoveryToken })).toEqual([['NOT_FOUND', 'recoveryToken']]);
  expect(await shop.refused('cartRecover', { recoveryToken: 'x'.repeat(201) })).toEqual([['TOO_LONG', 'recoveryToken']]);
});

test('a cart that nobody has touched for 30 days takes nothing more, and is gone 30 days later', async () => {
  const cart = await shop.cart([await shop.goods()]);
  clock.advance(30 * 24 * hour);
  expect(await shop.read(cart)).toMatchObject({ status: 'EXPIRED' });
  expect(await shop.refused('cartUpdate', { ...cart, customerNote: 'Still there?' })).toEqual([['EXPIRED', null]]);
  await run(prune);
  expect(await shop.read(cart)).not.toBeNull();
  clock.advance(30 * 24 * hour + 1);
  await run(prune);
  expect(await shop.read(cart)).toBeNull();
});
