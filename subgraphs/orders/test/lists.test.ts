import { toUuid } from '@storegraph/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { ordersHarness } from './desk.ts';

const orders = await ordersHarness();
const desk = orders.desk();
const store = toUuid(desk.storeId);

/** The plan that the application role gets for the list as it was sent, for any values of its parameters. */
async function planOf(list: 'orders' | 'refunds', filter: string): Promise<string> {
  orders.statements();
  await desk.staff.data(`{ ${list}(first: 20, filter: { ${filter} }) { nodes { id } } }`);
  const statement = orders.statements().find((sent) => sent.includes(`from "orders"."${list}"`)) ?? '';
  const plan =
    await orders.admin(`begin; set local role storegraph_orders; set local app.kind = 'STAFF'; set local app.store_id = '${store}';
    explain (generic_plan, format json) ${statement}; rollback`);
  return JSON.stringify(plan);
}

/** Read in the order of the list: nothing is sorted, and nothing but the index is walked. */
const inOrderOf = (index: string) => new RegExp(`^(?!.*("Seq Scan"|"Sort"|"Bitmap)).*"Scan Direction":"Backward"[^}]*"${index}"`);

describe('as the application role, with 20,000 settled orders and 5,000 refunds in the store', () => {
  beforeAll(async () => {
    await orders.admin(
      `insert into orders.orders (store_id, id, number, version, currency, subtotal, discount, tax, tax_included, shipping, total, authorized, captured, refunded,
         ordered_units, allocated_units, shipped_units, delivered_units, returned_units, status, payment_status, fulfillment_status, source, placed_at)
       select $1::uuid, gen_random_uuid(), 100000 + n, 1, 'EUR', 10, 0, 0, false, 0, 10, 0, 0, 0, 1, 0, 0, 0, 0, 'OPEN',
         case when n % 1000 = 0 then 'PENDING' when n % 1000 = 1 then 'AUTHORIZED' else 'PAID' end,
         case when n % 1000 = 0 then 'UNFULFILLED' when n % 1000 = 1 then 'PARTIALLY_FULFILLED' else 'FULFILLED' end,
         case when n % 10 = 0 then 'IMPORT' else 'SHOP_' || n % 10 end, now() - n * interval '1 minute' from generate_series(1, 20000) n`,
      [store],
    );
    await orders.admin(
      `insert into orders.refunds (store_id, id, source, currency, amount, settled, reason, granted_at, refunded_at, external_id)
       select $1::uuid, gen_random_uuid(), 'IMPORT', 'EUR', 10, 10, 'OTHER', now() - n * interval '1 minute', now() - n * interval '1 minute', n::text from generate_series(1, 5000) n`,
      [store],
    );
    await orders.admin(
      `insert into orders.refunds (store_id, id, order_id, source, currency, amount, settled, reason, granted_at, refunded_at)
       select store_id, gen_random_uuid(), id, case when number % 10 = 0 then 'CANCELLATION' else 'MANUAL' end, currency, 1, 1, 'OTHER', placed_at, placed_at
       from orders.orders where store_id = $1::uuid and number <= 100100`,
      [store],
    );
    await orders.admin('vacuum analyze orders.orders');
    await orders.admin('vacuum analyze orders.refunds');
  });

  it.each([
    ['fulfillmentStatus: [UNFULFILLED]', 'orders_unfulfilled_index'],
    ['fulfillmentStatus: [UNFULFILLED, PARTIALLY_FULFILLED]', 'orders_unfulfilled_index'],
    ['paymentStatus: [AUTHORIZED]', 'orders_unpaid_index'],
    ['paymentStatus: [PENDING, AUTHORIZED, PARTIALLY_PAID]', 'orders_unpaid_index'],
    ['source: "SHOP_1"', 'orders_source_index'],
    // What most orders are is found on the way through all of them.
    ['fulfillmentStatus: [FULFILLED]', 'orders_placed_index'],
    ['paymentStatus: [PAID]', 'orders_placed_index'],
  ])('reads the orders of %s in order through %s', async (filter, index) => {
    expect(await planOf('orders', filter)).toMatch(inOrderOf(index));
  });

  it('reads the refunds of one source in order through their index', async () => {
    expect(await planOf('refunds', 'source: [CANCELLATION]')).toMatch(inOrderOf('refunds_source_index'));
  });

  it('gives the orders of several states together, newest first, and counts them', async () => {
    const { orders: page } = await desk.staff.data<{ orders: { nodes: { fulfillmentStatus: string }[] } }>(
      '{ orders(first: 4, filter: { fulfillmentStatus: [UNFULFILLED, PARTIALLY_FULFILLED] }) { totalCount nodes { fulfillmentStatus } } }',
    );
    expect(page).toEqual({
      totalCount: 40,
      nodes: ['PARTIALLY_FULFILLED', 'UNFULFILLED', 'PARTIALLY_FULFILLED', 'UNFULFILLED'].map((fulfillmentStatus) => ({
        fulfillmentStatus,
      })),
    });
    expect(await desk.staff.data('{ orders(filter: { fulfillmentStatus: [FULFILLED, UNFULFILLED] }) { totalCount } }')).toEqual({
      orders: { totalCount: 19_980 },
    });
  });
});
