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
  expect(recovered).toMatchObject({ cart: { id: cart.cartId, status: 'RECOVERED', units: 1 }, userErrors: [] });
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
  expect(await shop.refused('cartRecover', { recoveryToken: secret })).toEqual([['CONVERTED', null]]);
});

test('whoever changes an abandoned cart, or orders what is in it, has come back without the link', async () => {
  const [changed, bought] = [await shop.cart([await shop.goods()]), await shop.cart([await shop.goods({ price: 100 })])];
  clock.advance(hour + 1);
  await run(abandon);
  expect((await shop.mutate('cartUpdate', { ...changed, customerNote: 'Back again' })).cart).toMatchObject({ status: 'RECOVERED' });
  expect((await shop.mutate('cartCheckout', checkout(bought, 100))).cart).toMatchObject({ status: 'CONVERTED' });
  const heard = await harness.admin<{ type: string; payload: object }>(
    `select type, payload from events.log where aggregate in ($1, $2) and type <> 'cart.abandoned' order by id`,
    [changed.cartId, bought.cartId],
  );
  expect(heard).toEqual([
    { type: 'cart.recovered', payload: expect.objectContaining({ cartId: changed.cartId, byLink: false }) },
    { type: 'cart.recovered', payload: expect.objectContaining({ cartId: bought.cartId, byLink: false }) },
    { type: 'cart.checkedOut', payload: expect.objectContaining({ cartId: bought.cartId, recovered: true }) },
  ]);
  const { carts } = await desk.staff.data<{ carts: { nodes: { id: string; abandonedAt: string; recoveredAt: string }[] } }>(
    '{ carts(first: 2, filter: { status: [RECOVERED, CONVERTED] }) { nodes { id abandonedAt recoveredAt } } }',
  );
  expect(new Set(carts.nodes.map(({ id }) => id))).toEqual(new Set([changed.cartId, bought.cartId]));
  for (const { abandonedAt, recoveredAt } of carts.nodes) expect(Date.parse(recoveredAt)).toBeGreaterThanOrEqual(Date.parse(abandonedAt));
});

test('a cart that is claimed after it was abandoned is found by its link again, by its customer', async () => {
  const [ada, eve] = [await desk.customer(), await desk.customer()];
  const cart = await shop.cart([await shop.goods()]);
  clock.advance(hour + 1);
  await run(abandon);
  const recoveryToken = await linkOf(cart.cartId);
  expect((await shop.mutate('cartClaim', cart, shop.customer(ada))).cart).toMatchObject({ status: 'RECOVERED' });
  expect(await shop.refused('cartRecover', { recoveryToken })).toEqual([['LOGIN_REQUIRED', null]]);
  expect(await shop.refused('cartRecover', { recoveryToken }, shop.customer(eve))).toEqual([['LOGIN_REQUIRED', null]]);
  expect(await shop.mutate('cartRecover', { recoveryToken }, shop.customer(ada))).toMatchObject({
    cart: { id: cart.cartId, status: 'RECOVERED' },
    token: null,
  });
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

test('a cart is told of once: left again, it stays recovered, and its link goes on leading to it until it expires', async () => {
  const cart = await shop.cart([await shop.goods()]);
  clock.advance(hour + 1);
  await run(abandon);
  const recoveryToken = await linkOf(cart.cartId);
  // On the last day of its life, which begins anew.
  clock.advance(30 * 24 * hour - 2 * hour);
  expect((await shop.mutate('cartRecover', { recoveryToken })).userErrors).toEqual([]);
  clock.advance(29 * 24 * hour);
  await run(abandon);
  const again = await shop.mutate('cartRecover', { recoveryToken });
  expect(again.cart).toMatchObject({ id: cart.cartId, status: 'RECOVERED' });
  expect((await heardOf(cart.cartId)).map(({ type }) => type)).toEqual(['cart.abandoned', 'cart.recovered']);
  clock.advance(30 * 24 * hour);
  expect(await shop.refused('cartRecover', { recoveryToken })).toEqual([['EXPIRED', null]]);
});

test('a cart that nobody has touched for 30 days takes nothing more, and is gone 30 days later', async () => {
  const cart = await shop.cart([await shop.goods({ expiresAt: new Date(clock.now().getTime() + hour).toISOString() })]);
  clock.advance(30 * 24 * hour);
  expect(await shop.read(cart)).toMatchObject({ status: 'EXPIRED' });
  expect(await shop.refused('cartUpdate', { ...cart, customerNote: 'Still there?' })).toEqual([['EXPIRED', null]]);
  await run(prune);
  expect(await shop.read(cart)).not.toBeNull();
  clock.advance(30 * 24 * hour + 1);
  await run(prune);
  expect(await shop.read(cart)).toBeNull();
});
