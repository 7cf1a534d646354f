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
  expect(await list({ status: ['CHECKED_OUT', 'EXPIRED', 'ABANDONED'] })).toEqual({ nodes: [], totalCount: 0 });
});

test('bad input: no such currency, a customer whom the store does not know, no store', async () => {
  expect(await shop.refused('cartCreate', { currency: 'XYZW' })).toEqual([['INVALID', 'currency']]);
  expect(await shop.refused('cartCreate', { currency: 'EUR' }, shop.customer(newId('cus')))).toEqual([['NOT_FOUND', 'customerId']]);
  expect(await shop.refused('cartCreate', { currency: 'EUR' }, desk.as(identity.anonymous()))).toEqual([['NOT_FOUND', null]]);
});
