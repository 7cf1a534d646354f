import { cartCheckedOut, defineReaction } from '@storegraph/events';
import { expect, test } from 'vitest';
import { key, ordersHarness } from '../../../test/desk.ts';
import { checkout, shopOf } from '../../../test/shop.ts';

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
  expect(done).toMatchObject({ status: 'CHECKED_OUT', order: { number: expect.any(String), due: { amount: 1680 } } });
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
  expect(others.flatMap(({ userErrors }) => userErrors.map(({ code }) => code))).toEqual(Array.from({ length: 10 }, () => 'CHECKED_OUT'));
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
