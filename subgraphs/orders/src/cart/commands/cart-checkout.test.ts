import type { Identity } from '@storegraph/auth';
import { own } from '@storegraph/database';
import { cartCheckedOut, defineReaction } from '@storegraph/events';
import { moveAll } from '@storegraph/known-customers';
import { identity } from '@storegraph/testing';
import { eq, sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { blocked } from '../../../test/blocked.ts';
import { key, ordersHarness } from '../../../test/desk.ts';
import { automatic } from '../../../test/discounts.ts';
import { issueCard } from '../../../test/gift-cards.ts';
import { checkout, shopOf } from '../../../test/shop.ts';
import { domain, lockKnown } from '../../customer/known.ts';
import { known } from '../../customer/tables.ts';

const told: { cartId: string; orderId: string; recovered: boolean }[] = [];
const watch = defineReaction({
  name: 'orders.watch-carts',
  kind: 'projection',
  on: [cartCheckedOut],
  handle: (_, { payload }) => {
    told.push(payload);
    return Promise.resolve();
  },
});
const harness = await ordersHarness({ watch: [watch] });
const desk = harness.desk();
const shop = shopOf(desk);

const orderOf = async (id: string | undefined) =>
  (
    await desk.staff.data<{ order: Record<string, unknown> }>(
      `query ($id: ID!) { order(id: $id) { source total { amount } tax { amount } shipping { amount } contact { email } shippingAddress { city }
        lines { name quantity total { amount } } events { nodes { kind actor { kind id } } } } }`,
      { id },
    )
  ).order;

test('a cart becomes the order that the shopper has seen', async () => {
  const ada = await desk.customer();
  const me = shop.customer(ada);
  const cart = await shop.cart([await shop.goods({ name: 'Lantern', price: 1190, taxRate: 1900, taxIncluded: true })], me);
  await shop.mutate('cartUpdate', { ...cart, shippingAddress: { city: 'Berlin', country: 'DE' } }, me);
  await shop.mutate('cartShippingSet', { ...cart, offer: await shop.shipping({ price: 490 }) }, me);
  const { cart: done, userErrors } = await shop.mutate('cartCheckout', checkout(cart, 1680), me);
  expect(userErrors).toEqual([]);
  expect(done).toMatchObject({ status: 'CONVERTED', order: { number: expect.any(String), due: { amount: 1680 } } });
  expect(await orderOf(done?.order?.id)).toMatchObject({
    source: 'STOREFRONT',
    total: { amount: 1680 },
    tax: { amount: 190 },
    shipping: { amount: 490 },
    contact: { email: 'ada@example.com' },
    shippingAddress: { city: 'Berlin' },
    lines: [{ name: 'Lantern', quantity: 1, total: { amount: 1190 } }],
    events: { nodes: [{ kind: 'PLACED', actor: { kind: 'CUSTOMER', id: ada } }] },
  });
  await harness.settled();
  expect(told.filter(({ cartId }) => cartId === cart.cartId)).toEqual([
    expect.objectContaining({ orderId: done?.order?.id, customerId: ada, recovered: false }),
  ]);
});

test('one key makes one order, however often and however many at once; two keys too', async () => {
  const cart = await shop.cart([await shop.goods({ price: 100 })]);
  const input = checkout(cart, 100);
  const answers = await Promise.all(Array.from({ length: 20 }, () => shop.mutate('cartCheckout', input)));
  expect(new Set(answers.map((answer) => answer.cart?.order?.id)).size).toBe(1);
  expect(answers[0]?.cart?.order?.id).toBeDefined();
  const others = await Promise.all(Array.from({ length: 10 }, () => shop.mutate('cartCheckout', checkout(cart, 100))));
  expect(others.flatMap(({ userErrors }) => userErrors.map(({ code }) => code))).toEqual(Array.from({ length: 10 }, () => 'CONVERTED'));
  const [row] = await harness.admin<{ orders: number }>(
    'select count(*)::int as orders from orders.orders where total = 100 and source = $1',
    ['STOREFRONT'],
  );
  expect(row).toEqual({ orders: 1 });
});

test('the key of one shopper says nothing of another', async () => {
  const [one, two] = [await shop.cart([await shop.goods({ price: 101 })]), await shop.cart([await shop.goods({ price: 102 })])];
  const idempotencyKey = key();
  const first = await shop.mutate('cartCheckout', { ...checkout(one, 101), idempotencyKey });
  const second = await shop.mutate('cartCheckout', { ...checkout(two, 102), idempotencyKey });
  expect([first.cart?.id, second.cart?.id]).toEqual([one.cartId, two.cartId]);
  expect(await shop.refused('cartCheckout', { ...checkout(one, 101), token: two.token, idempotencyKey })).toEqual([
    ['NOT_FOUND', 'cartId'],
  ]);
});

test('gift cards are held on the order, as much as it needs, whatever the order of their codes', async () => {
  const issue = async (amount: number) =>
    (await desk.mutate<{ code: string }>('giftCardIssue', { idempotencyKey: key(), amount, currency: 'EUR' }, 'giftCard { id } code')).code;
  const [small, large] = [await issue(300), await issue(5000)];
  const cart = await shop.cart([await shop.goods({ price: 1000 })]);
  const { cart: done, userErrors } = await shop.mutate('cartCheckout', checkout(cart, 1000, { giftCardCodes: [large, small] }));
  expect(userErrors).toEqual([]);
  expect(done?.order?.due.amount).toBe(0);
  const [held] = await harness.admin<{ held: number }>(
    'select sum(held)::int as held from orders.gift_cards where store_id = (select store_id from orders.orders where number = $1 and total = 1000 limit 1)',
    [done?.order?.number],
  );
  expect(held).toEqual({ held: 1000 });

  const other = await shop.cart([await shop.goods({ price: 9000 })]);
  expect(await shop.refused('cartCheckout', checkout(other, 9000, { giftCardCodes: ['NO-SUCH-CARD'] }))).toEqual([
    ['GIFT_CARD_REFUSED', 'giftCardCodes.0'],
  ]);
  expect(await shop.read(other)).toMatchObject({ status: 'ACTIVE' });
});

test('the same cards under the same key are the same checkout, however their codes are written', async () => {
  const card = await issueCard(desk);
  const cart = await shop.cart([await shop.goods({ price: 1001 })]);
  const input = checkout(cart, 1001, { giftCardCodes: [card.code] });
  const { cart: done } = await shop.mutate('cartCheckout', input);
  expect(done?.order?.due.amount).toBe(0);
  const sloppy = { ...input, giftCardCodes: [` ${card.code.toLowerCase().replaceAll('-', ' ')}`] };
  expect(await shop.mutate('cartCheckout', sloppy)).toEqual({ cart: done, userErrors: [] });
  const other = await issueCard(desk);
  expect(await shop.refused('cartCheckout', { ...input, giftCardCodes: [other.code] })).toEqual([
    ['IDEMPOTENCY_KEY_REUSED', 'idempotencyKey'],
  ]);
});

test("somebody else's card is answered and counted as one that is none", async () => {
  const [owner, thief] = [await desk.customer(), await desk.customer()];
  const card = await issueCard(desk, { customerId: owner });
  const attempt = async (codes: readonly string[], who: Identity) => {
    const cart = await shop.cart([await shop.goods({ price: 500 })], desk.as(who));
    const answer = await harness.runtime.execute({
      query: 'mutation ($input: CartCheckoutInput!) { cartCheckout(input: $input) { userErrors { code message } } }',
      variables: { input: checkout(cart, 500, { giftCardCodes: codes }) },
      identity: who,
      requestId: key(),
      ip: '192.0.2.77',
    });
    return JSON.stringify(answer.data);
  };
  const stranger = identity.customer(desk.storeId, thief);
  const none = await attempt(['AAAA-AAAA-AAAA-AAAA'], stranger);
  expect(none).toContain('GIFT_CARD_REFUSED');
  expect(await attempt([card.code], stranger)).toBe(none);
  expect(await attempt([card.code], identity.anonymous(desk.storeId))).toBe(none);
  expect(
    await attempt(
      Array.from({ length: 5 }, (_, index) => `GUESS-${index}`),
      stranger,
    ),
  ).toContain('GIFT_CARD_REFUSED');
  // Eight were counted, so two are left of ten.
  expect(await attempt(['G-9', 'G-10', 'G-11'], stranger)).toContain('TOO_MANY_ATTEMPTS');
  expect(await attempt([card.code], identity.customer(desk.storeId, owner))).toContain('TOO_MANY_ATTEMPTS');
});

test('what nobody pays for is given up after a day, or after the time that the store has set', async () => {
  const store = harness.desk();
  const theirs = shopOf(store);
  const lasts = async () => {
    const { cart: done } = await theirs.mutate('cartCheckout', checkout(await theirs.cart([await theirs.goods({ price: 100 })]), 100));
    const { order } = await store.staff.data<{ order: { placedAt: string; expiresAt: string } }>(
      'query ($id: ID!) { order(id: $id) { placedAt expiresAt } }',
      { id: done?.order?.id },
    );
    return Date.parse(order.expiresAt) - Date.parse(order.placedAt);
  };
  expect(await lasts()).toBe(24 * 60 * 60_000);
  expect((await store.mutate('orderSettingsUpdate', { unpaidExpiryMinutes: 30 }, 'settings { unpaidExpiryMinutes }')).userErrors).toEqual(
    [],
  );
  expect(await lasts()).toBe(30 * 60_000);
});

test('an order that came to another total than was shown, by a rule that began meanwhile, is not placed', async () => {
  const store = harness.desk();
  const theirs = shopOf(store);
  const cart = await theirs.cart([await theirs.goods({ price: 1000 })]);
  let asked: Promise<[string, string | null][]> | undefined;
  await store.write(async (tx) => {
    // Between the price and the placing the store's settings are read.
    await tx.execute(sql`lock table orders.order_settings in access exclusive mode`);
    asked = theirs.refused('cartCheckout', checkout(cart, 1000));
    await blocked(harness, 'order_settings');
    await automatic(store, { startsAt: '2026-01-01T00:00:00.000Z' });
  });
  expect(await asked).toEqual([['TOTAL_CHANGED', 'expectedTotal']]);
  expect(await theirs.read(cart)).toMatchObject({ status: 'ACTIVE', totals: { total: { amount: 900 } } });
  expect(await store.staff.data('{ orders { totalCount } }')).toEqual({ orders: { totalCount: 0 } });
});

test("a checkout waits for a merge of its customer, and the order is the survivor's", async () => {
  const [from, to] = [await desk.customer(), await desk.customer()];
  const me = shop.customer(from);
  const cart = await shop.cart([await shop.goods({ price: 100 })], me);
  let asked: ReturnType<typeof shop.mutate> | undefined;
  await desk.write(async (tx) => {
    await lockKnown(tx, [from, to]);
    asked = shop.mutate('cartCheckout', checkout(cart, 100), desk.staff);
    await blocked(harness, 'known_customers');
    await tx
      .update(known.knownCustomers)
      .set({ mergedIntoId: to })
      .where(own(tx, known.knownCustomers, eq(known.knownCustomers.id, from)));
    await moveAll(domain, tx, { from, to });
  });
  const done = await asked;
  expect(done?.userErrors).toEqual([]);
  expect(await desk.staff.data('query ($id: ID!) { order(id: $id) { customer { id } } }', { id: done?.cart?.order?.id })).toEqual({
    order: { customer: { id: to } },
  });
});

test('of carts that want the last use of a code one gets it, and the others stay carts', async () => {
  const { userErrors } = await desk.mutate(
    'discountCreate',
    {
      title: 'Once',
      method: 'CODE',
      code: 'ONCE',
      kind: 'PERCENTAGE',
      basisPoints: 1000,
      appliesTo: 'ORDER',
      usageLimit: 1,
    },
    'discount { id }',
  );
  expect(userErrors).toEqual([]);
  const carts = await Promise.all(Array.from({ length: 8 }, async () => shop.cart([await shop.goods({ price: 1000 })])));
  for (const cart of carts) expect((await shop.mutate('cartDiscountCodesSet', { ...cart, codes: ['ONCE'] })).userErrors).toEqual([]);
  const answers = await Promise.all(carts.map((cart) => shop.mutate('cartCheckout', checkout(cart, 900))));
  expect(answers.filter(({ cart }) => cart !== null)).toHaveLength(1);
  expect(new Set(answers.flatMap(({ userErrors: errors }) => errors.map(({ code }) => code)))).toEqual(new Set(['CODE_REFUSED']));
});

test('bad input: an empty cart, nobody to write to, another total, a used key, a negative total, no such cart', async () => {
  const bare = await shop.mutate('cartCreate', { currency: 'EUR' });
  const open = { cartId: bare.cart?.id ?? '', token: bare.token ?? '' };
  expect(await shop.refused('cartCheckout', checkout(open, 0))).toEqual([
    ['EMPTY', null],
    ['CONTACT_REQUIRED', null],
  ]);
  const cart = await shop.cart([await shop.goods({ price: 700 })]);
  expect(await shop.refused('cartCheckout', checkout(cart, 699))).toEqual([['TOTAL_CHANGED', 'expectedTotal']]);
  expect(await shop.refused('cartCheckout', checkout(cart, -1))).toEqual([['INVALID', 'expectedTotal']]);
  const used = checkout(cart, 1);
  expect(await shop.refused('cartCheckout', used)).toEqual([['TOTAL_CHANGED', 'expectedTotal']]);
  expect(await shop.refused('cartCheckout', { ...used, expectedTotal: 700 })).toEqual([['IDEMPOTENCY_KEY_REUSED', 'idempotencyKey']]);
  expect(await shop.refused('cartCheckout', checkout({ ...cart, token: 'other' }, 700))).toEqual([['NOT_FOUND', 'cartId']]);
  expect(await shopOf(harness.desk()).refused('cartCheckout', checkout(cart, 700))).toEqual([['NOT_FOUND', 'cartId']]);
});
