import { identity } from '@storegraph/testing';
import { newId } from '@storegraph/core';
import { expect, test } from 'vitest';
import { ordersHarness } from '../../../test/desk.ts';
import { shopOf } from '../../../test/shop.ts';

const harness = await ordersHarness();
const [desk, other] = [harness.desk(), harness.desk()];
const [shop, elsewhere] = [shopOf(desk), shopOf(other)];

test("a visitor's cart opens to its secret alone, which the database does not hold", async () => {
  const { cart, token = '' } = await shop.mutate('cartCreate', { currency: 'EUR' });
  const open = { cartId: cart?.id ?? '', token };
  expect(await shop.read(open)).toMatchObject({ status: 'ACTIVE', units: 0, lines: [], totals: { total: { amount: 0 } } });
  expect(await shop.read({ ...open, token: '' })).toBeNull();
  expect(await shop.read({ ...open, token: `${token}x` })).toBeNull();
  expect(await shop.read(open, shop.customer(await desk.customer()))).not.toBeNull();
  expect(await elsewhere.read(open)).toBeNull();
  expect(await shop.read(open, other.staff)).toBeNull();
  expect(await shop.read({ ...open, token: '' }, desk.staff)).not.toBeNull();
  const [row] = await harness.admin<{ text: string }>('select string_agg(c::text, $1) as text from orders.carts c', ['']);
  expect(row?.text).not.toContain(token.slice(5));
});

test("a customer's cart is the customer's without a secret, and nobody else's", async () => {
  const [ada, eve] = [await desk.customer(), await desk.customer()];
  const { cart, token } = await shop.mutate('cartCreate', { currency: 'EUR' }, shop.customer(ada));
  expect(token).toBeNull();
  const open = { cartId: cart?.id ?? '', token: '' };
  expect(await shop.read(open, shop.customer(ada))).not.toBeNull();
  expect(await shop.read(open, shop.customer(eve))).toBeNull();
  expect(await shop.read(open)).toBeNull();
  const list = async (client: typeof desk.staff) =>
    (await client.data<{ carts: { nodes: { id: string }[]; totalCount: number } }>('{ carts { nodes { id } totalCount } }')).carts;
  expect(await list(shop.customer(ada))).toEqual({ nodes: [{ id: cart?.id }], totalCount: 1 });
  expect(await list(shop.customer(eve))).toEqual({ nodes: [], totalCount: 0 });
  expect((await list(other.staff)).totalCount).toBe(0);
});

test('staff find carts by what has become of them', async () => {
  const listed = harness.desk();
  const [empty, full] = [await shopOf(listed).cart(), await shopOf(listed).cart([await shopOf(listed).goods()])];
  const list = async (filter: object) =>
    (
      await listed.staff.data<{ carts: { nodes: { id: string; estimatedTotal: { amount: number } }[]; totalCount: number } }>(
        'query ($filter: CartFilter) { carts(filter: $filter) { nodes { id estimatedTotal { amount } } totalCount } }',
        { filter },
      )
    ).carts;
  expect(await list({ empty: false })).toEqual({ nodes: [{ id: full.cartId, estimatedTotal: { amount: 1250 } }], totalCount: 1 });
  expect(await list({ empty: true, status: ['ACTIVE'] })).toEqual({
    nodes: [{ id: empty.cartId, estimatedTotal: { amount: 0 } }],
    totalCount: 1,
  });
  expect(await list({ status: ['CONVERTED', 'EXPIRED', 'ABANDONED', 'RECOVERED'] })).toEqual({ nodes: [], totalCount: 0 });
});

test('the cart of an outside shop system is put in once, and found by its id there', async () => {
  const [store, elsewhereToo] = [harness.desk(), harness.desk()];
  const program = store.as(identity.apiKey(store.storeId, ['orders:read', 'orders:write']));
  const ada = await store.customer();
  const kept = { source: 'SHOPIFY', externalId: 'co-1', recoveryUrl: 'https://shop.example/checkouts/co-1/recover?key=k1' };
  const input = { ...kept, currency: 'EUR', customerId: ada };
  const attempts = await Promise.all(Array.from({ length: 8 }, () => shopOf(store).mutate('cartCreate', input, program)));
  const opened = attempts.flatMap(({ cart }) => (cart ? [cart.id] : []));
  expect(opened).toHaveLength(1);
  expect(attempts.flatMap(({ userErrors }) => userErrors)).toEqual(
    Array.from({ length: 7 }, () => ({ code: 'EXTERNAL_ID_TAKEN', field: ['externalId'] })),
  );
  // The same id in another system, and in another store, is another cart.
  expect((await shopOf(store).mutate('cartCreate', { ...input, source: 'WOO' }, store.staff)).userErrors).toEqual([]);
  expect((await shopOf(elsewhereToo).mutate('cartCreate', { ...input, customerId: null }, elsewhereToo.staff)).userErrors).toEqual([]);

  const find = 'query ($filter: CartFilter) { carts(filter: $filter) { nodes { id source externalId recoveryUrl customer { id } } } }';
  const filter = { source: 'SHOPIFY', externalId: 'co-1' };
  expect(await program.data(find, { filter })).toEqual({ carts: { nodes: [{ id: opened[0], ...kept, customer: { id: ada } }] } });
  const byId = await store.staff.data<{ carts: { nodes: { source: string }[] } }>(find, { filter: { externalId: 'co-1' } });
  expect(byId.carts.nodes.map(({ source }) => source).toSorted()).toEqual(['SHOPIFY', 'WOO']);
  expect(await store.staff.data(find, { filter: { source: 'OTHER' } })).toEqual({ carts: { nodes: [] } });
  const customer = shopOf(store).customer(ada);
  expect(await customer.codes('{ carts(filter: { externalId: "co-1" }) { nodes { id } } }')).toEqual(['FORBIDDEN']);
  expect(await customer.codes('{ carts { nodes { id source } } }')).toEqual(['FORBIDDEN']);
  expect((await customer.data<{ carts: { totalCount: number } }>('{ carts { totalCount } }')).carts.totalCount).toBe(2);
});

test("what is for the store's own server is refused to shoppers, by name", async () => {
  const ada = shop.customer(await desk.customer());
  for (const [field, value] of Object.entries({
    customerId: newId('cus'),
    source: 'SHOPIFY',
    externalId: 'co-2',
    recoveryUrl: 'https://shop.example/back',
  })) {
    expect(await shop.refused('cartCreate', { currency: 'EUR', [field]: value })).toEqual([['STAFF_ONLY', field]]);
    expect(await shop.refused('cartCreate', { currency: 'EUR', [field]: value }, ada)).toEqual([['STAFF_ONLY', field]]);
  }
});

test('bad input: no such currency, source, address or customer, a way back to no cart, no store', async () => {
  expect(await shop.refused('cartCreate', { currency: 'XYZW' })).toEqual([['INVALID', 'currency']]);
  const outside = { currency: 'EUR', externalId: 'co-3' };
  expect(await shop.refused('cartCreate', { ...outside, source: 'no spaces' }, desk.staff)).toEqual([['INVALID', 'source']]);
  expect(await shop.refused('cartCreate', { ...outside, source: 'import' }, desk.staff)).toEqual([['INVALID', 'source']]);
  expect(await shop.refused('cartCreate', { ...outside, externalId: 'x'.repeat(201) }, desk.staff)).toEqual([['TOO_LONG', 'externalId']]);
  expect(await shop.refused('cartCreate', { ...outside, recoveryUrl: 'http://shop.example' }, desk.staff)).toEqual([
    ['INVALID', 'recoveryUrl'],
  ]);
  expect(await shop.refused('cartCreate', { currency: 'EUR', recoveryUrl: 'https://shop.example' }, desk.staff)).toEqual([
    ['INVALID', 'recoveryUrl'],
  ]);
  expect(await shop.refused('cartCreate', { ...outside, customerId: await other.customer() }, desk.staff)).toEqual([
    ['NOT_FOUND', 'customerId'],
  ]);
  expect(await shop.refused('cartCreate', { currency: 'EUR' }, shop.customer(newId('cus')))).toEqual([['NOT_FOUND', 'customerId']]);
  expect(await shop.refused('cartCreate', { currency: 'EUR' }, desk.as(identity.anonymous()))).toEqual([['NOT_FOUND', null]]);
});
