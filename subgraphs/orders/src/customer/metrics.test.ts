import { newId, toUuid, type CustomerId } from '@storegraph/core';
import { identity } from '@storegraph/testing';
import { describe, expect, it } from 'vitest';
import { key, line, ordersHarness } from '../../test/desk.ts';
import { importRefunds } from '../import/import-refunds.ts';

const orders = await ordersHarness();
const desk = orders.desk();

const fields = `id orderCount
  orderMetrics { totalOrders totalSpent { amount currency } totalRefunded { amount currency } averageOrderValue { amount currency } firstOrderDate lastOrderDate }
  recentOrders(first: 2) { number lines { sku } }
  orders(first: 2) { nodes { number } pageInfo { hasNextPage } totalCount }`;
const ask = `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Customer { ${fields} } } }`;
const entities = async (ids: readonly string[], client = desk.staff, query = ask) =>
  (await client.data<{ _entities: unknown[] }>(query, { representations: ids.map((id) => ({ __typename: 'Customer', id })) }))._entities;

async function customerWithOrders(): Promise<CustomerId> {
  const customerId = await desk.customer();
  const at = (day: number) => ({ customerId, placedAt: `2026-01-0${day}T10:00:00Z` });
  await desk.order({ ...at(1), lines: [line({ quantity: 1, unitPrice: 1000 })] });
  const paid = await desk.order({ ...at(2), lines: [line({ quantity: 1, unitPrice: 501 })] });
  await desk.pay(paid, 501);
  await desk.mutate('orderRefund', { orderId: paid.id, amount: 100, reason: 'GOODWILL', idempotencyKey: key() });
  await desk.order({ ...at(3), currency: 'JPY', lines: [line({ quantity: 3, unitPrice: 700 })] });
  const cancelled = await desk.order({ ...at(4), lines: [line({ quantity: 1, unitPrice: 9999 })] });
  await desk.pay(cancelled, 9999);
  await desk.mutate('orderCancel', { orderId: cancelled.id, reason: 'CUSTOMER', refund: true, idempotencyKey: key() });
  await desk.write((tx) =>
    importRefunds(tx, [
      {
        externalId: `C-${customerId}`,
        refundedAt: new Date(),
        currency: 'GBP',
        customerId,
        lines: [{ sku: 'X', name: 'X', quantity: 2, unitPrice: 33n }],
      },
    ]),
  );
  return customerId;
}

describe("a customer's metrics", () => {
  it('count what stands, per currency, before refunds, with imported credit notes and without what was cancelled', async () => {
    const id = await customerWithOrders();
    expect(await entities([id])).toEqual([
      {
        id,
        orderCount: 3,
        orderMetrics: {
          totalOrders: 3,
          totalSpent: [
            { amount: 1501, currency: 'EUR' },
            { amount: 2100, currency: 'JPY' },
          ],
          totalRefunded: [
            { amount: 100, currency: 'EUR' },
            { amount: 66, currency: 'GBP' },
          ],
          averageOrderValue: [
            { amount: 751, currency: 'EUR' },
            { amount: 2100, currency: 'JPY' },
          ],
          firstOrderDate: '2026-01-01T10:00:00.000Z',
          lastOrderDate: '2026-01-03T10:00:00.000Z',
        },
        recentOrders: [
          { number: expect.any(String), lines: [{ sku: 'A-1' }] },
          { number: expect.any(String), lines: [{ sku: 'A-1' }] },
        ],
        orders: { nodes: [{ number: expect.any(String) }, { number: expect.any(String) }], pageInfo: { hasNextPage: true }, totalCount: 4 },
      },
    ]);
  });

  it("are nothing for somebody without orders, for nobody, and for another store's customer, alike", async () => {
    const other = orders.desk();
    const foreign = await other.customer();
    await other.order({ customerId: foreign });
    const ids = [await desk.customer(), newId('cus'), foreign];
    const none = {
      orderCount: 0,
      orderMetrics: { totalOrders: 0, totalSpent: [], totalRefunded: [], averageOrderValue: [], firstOrderDate: null, lastOrderDate: null },
      recentOrders: [],
      orders: { nodes: [], pageInfo: { hasNextPage: false }, totalCount: 0 },
    };
    expect(await entities(ids)).toEqual(ids.map((id) => ({ id, ...none })));
  });

  it('are shown to the customer, and of another customer nothing', async () => {
    const [mine, theirs] = [await customerWithOrders(), await customerWithOrders()];
    const answer = await entities([mine, theirs], desk.as(identity.customer(desk.storeId, mine)));
    expect(answer).toMatchObject([
      { orderCount: 3, orders: { totalCount: 4 } },
      { orderCount: 0, recentOrders: [], orderMetrics: { totalRefunded: [] } },
    ]);
  });

  it('take the same statements for 100 customers as for one: one each for metrics, pages, counts and lines', async () => {
    const count = async (ids: readonly string[]) => {
      orders.statements();
      await entities(ids);
      return orders
        .statements()
        .filter((statement) => statement.startsWith('select "') || statement.includes('union all') || statement.includes('lateral'));
    };
    const one = await customerWithOrders();
    const many = [one, ...(await Promise.all(Array.from({ length: 99 }, () => desk.customer())))];
    const few = await count([one]);
    expect(await count(many)).toEqual(few);
    // Metrics, also orderCount's; one page, as both lists ask for the same; the pages' counts; the lines.
    expect(few).toHaveLength(4);
  });

  it('page through the orders of several customers at once, newest first', async () => {
    const id = await customerWithOrders();
    const query = (after: string | null) =>
      `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Customer { orders(first: 3, after: ${JSON.stringify(after)}) { nodes { placedAt } pageInfo { endCursor hasNextPage } } } } }`;
    interface Page {
      readonly orders: {
        readonly nodes: { readonly placedAt: string }[];
        readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean };
      };
    }
    const [first] = (await entities([id], desk.staff, query(null))) as Page[];
    const [second] = (await entities([id], desk.staff, query(first?.orders.pageInfo.endCursor ?? null))) as Page[];
    expect([first?.orders.pageInfo.hasNextPage, second?.orders.pageInfo.hasNextPage]).toEqual([true, false]);
    expect([...(first?.orders.nodes ?? []), ...(second?.orders.nodes ?? [])].map(({ placedAt }) => placedAt.slice(8, 10))).toEqual([
      '04',
      '03',
      '02',
      '01',
    ]);
  });

  it('refuses a page that can not be read', async () => {
    const id = await desk.customer();
    const codes = (args: string) =>
      desk.staff.codes(
        `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Customer { orders(${args}) { nodes { id } } } } }`,
        {
          representations: [{ __typename: 'Customer', id }],
        },
      );
    expect(await codes('first: 101')).toEqual(['BAD_REQUEST']);
    expect(await codes('after: "nonsense"')).toEqual(['BAD_REQUEST']);
  });
});

describe('as the application role, with 20,000 orders in the store', () => {
  it('reads the metrics of a customer from the index alone, and the newest orders through it', async () => {
    const customerId = await desk.customer();
    const store = toUuid(desk.storeId);
    await orders.admin(
      `insert into orders.orders (store_id, id, number, version, customer_id, currency, subtotal, discount, tax, tax_included, shipping, total, authorized, captured, refunded,
         ordered_units, allocated_units, shipped_units, delivered_units, returned_units, status, payment_status, fulfillment_status, source, placed_at)
       select $1::uuid, gen_random_uuid(), 100000 + n, 1, case when n % 2000 = 0 then $2::uuid else gen_random_uuid() end, 'EUR', 10, 0, 0, false, 0, 10, 0, 0, 0, 1, 0, 0, 0, 0,
         'OPEN', 'PENDING', 'UNFULFILLED', 'BULK', now() - n * interval '1 minute' from generate_series(1, 20000) n`,
      [store, toUuid(customerId)],
    );
    await orders.admin('vacuum analyze orders.orders');
    orders.statements();
    await entities([customerId]);
    const sent = orders.statements();
    const plan = async (word: string) => JSON.stringify(await explain(store, sent.find((statement) => statement.includes(word)) ?? ''));
    const plans = { metrics: await plan('union all'), newest: await plan('lateral') };
    expect(plans.metrics).toMatch(/"Node Type":"Index Only Scan"[^}]*"orders_customer_index"/);
    expect(plans.newest).toMatch(/"Scan Direction":"Backward"[^}]*"orders_customer_index"/);
    expect(`${plans.metrics}${plans.newest}`).not.toContain('Seq Scan');
  });
});

/** The plan that the application role gets for a statement as it was sent, for any values of its parameters. */
const explain = (store: string, statement: string) =>
  orders.admin(`begin; set local role storegraph_orders; set local app.kind = 'STAFF'; set local app.store_id = '${store}';
    explain (generic_plan, format json) ${statement}; rollback`);
