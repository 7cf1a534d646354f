import { toUuid } from '@storegraph/core';
import { texts } from '@storegraph/database';
import { identity } from '@storegraph/testing';
import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { searchTerms } from '../src/desk/search.ts';
import { key, ordersHarness, type Desk, type OrdersHarness } from './desk.ts';
import { fillStore } from './fill.ts';

/** Declares the tests of a desk with `size` orders, beside another store with as many. */
export function deskWithIndexes(size: number): void {
  let orders: OrdersHarness;
  let desk: Desk;

  beforeAll(async () => {
    orders = await ordersHarness();
    const other = orders.desk();
    desk = orders.desk();
    await fillStore(orders, desk.storeId, size);
    await fillStore(orders, other.storeId, size);
    for (const table of ['orders', 'order_lines', 'order_payments', 'fulfillments']) await orders.admin(`vacuum analyze orders.${table}`);
  }, 600_000);

  const session = () =>
    orders.pool.session({ domain: 'orders', identity: identity.staff(desk.storeId), correlationId: key(), origin: 'LIVE' });

  /**
   * The plan of a statement as it was sent, for any values of its parameters, as the application role.
   * A table of one small store is read whole for less than an index costs: what must hold is that an index can answer.
   */
  async function planOf(statement: string): Promise<string> {
    const plan =
      await orders.admin(`begin; set local enable_seqscan = off; set local role storegraph_orders; set local app.kind = 'STAFF'; set local app.store_id = '${toUuid(desk.storeId)}';
      explain (generic_plan, format json) ${statement}; rollback`);
    return JSON.stringify(plan);
  }

  async function planOfPage(args: string): Promise<string> {
    orders.statements();
    await desk.staff.data(`{ orders(${args}) { nodes { id } } }`);
    const statement = orders.statements().find((sent) => sent.includes('from "orders"."orders"')) ?? '';
    return planOf(statement);
  }

  describe('as the application role', () => {
    it.each([
      ['', 'orders_placed_index'],
      ['sort: { by: NUMBER }', 'orders_number_key'],
      ['sort: { by: TOTAL }', 'orders_total_index'],
      ['sort: { by: UPDATED_AT, direction: ASC }', 'orders_updated_index'],
      ['sort: { by: CUSTOMER_NAME, direction: ASC }', 'orders_contact_name_index'],
    ])('reads a page of all orders (%s) from %s, in its order', async (sort, index) => {
      const plan = await planOfPage(`first: 50 ${sort}`);
      expect(plan).toContain(index);
      expect(plan).not.toMatch(/"Seq Scan"|"Sort"/);
    });

    it.each([
      ['paidFrom: "2026-01-02T00:00:00Z", paidTo: "2026-01-02T00:01:00Z"', 'orders_paid_index'],
      ['updatedFrom: "2026-01-03T00:00:00Z", updatedTo: "2026-01-03T00:01:00Z"', 'orders_updated_index'],
      ['sku: "SKU-7"', 'order_lines_sku_index'],
    ])('narrows by %s through %s', async (filter, index) => {
      const plan = await planOfPage(`filter: { ${filter} }`);
      expect(plan).toContain(index);
      expect(plan).not.toContain('"Seq Scan"');
    });

    it.each([
      ['an order number', '#42', true],
      ['an external id', 'X42', true],
      ['an e-mail address', 'grace16@example.com', true],
      ['the beginning of an e-mail address', 'grace1@', false],
      ['the end of a phone number', '00000042', true],
      ['a name', 'grace', true],
      ['both names, without an accent', 'jose pa', true],
      ['an article number', 'sku-7', true],
      ['a tracking number', 'NO-SUCH-PARCEL', false],
      ['one letter', 'g', true],
      ['nobody', 'qqqqqqqqqqqq', false],
    ])('finds %s by indexes alone', async (_, query, exists) => {
      const db = session();
      const { scans, found } = await db.read(async (tx) => {
        const count = async () =>
          new Map(
            [
              ...(await tx.execute<{ name: string; scans: number }>(
                sql`select relname as name, seq_scan::int as scans from pg_stat_xact_user_tables where schemaname = 'orders'`,
              )),
            ].map((row) => [row.name, row.scans]),
          );
        const terms = searchTerms(query);
        if (!terms) throw new Error('Nothing to look for');
        const before = await count();
        const hits = await tx.execute(
          sql`select * from orders.search_orders(${texts(terms.nameStarts)}, ${terms.number?.toString() ?? null}::bigint, ${texts(terms.keys)}, ${terms.emailStart}::text, ${terms.phoneEnd}::text)`,
        );
        const after = await count();
        const tables = ['orders', 'order_lines', 'fulfillments'];
        return { found: hits.length, scans: tables.map((table) => (after.get(table) ?? 0) - (before.get(table) ?? 0)) };
      });
      await db.end();
      expect(found > 0).toBe(exists);
      expect(scans).toEqual([0, 0, 0]);
    });

    it('looks tags up by an index alone', async () => {
      const db = session();
      const tagged = await db.read(async (tx) => {
        const scans = async () =>
          Number(
            (
              await tx.execute<{ scans: number }>(
                sql`select seq_scan::int as scans from pg_stat_xact_user_tables where schemaname = 'orders' and relname = 'orders'`,
              )
            )[0]?.scans ?? 0,
          );
        const before = await scans();
        const hits = await tx.execute(sql`select * from orders.tagged_orders('{vip,gift}'::text[])`);
        return { hits: hits.length, scans: (await scans()) - before };
      });
      await db.end();
      expect(tagged).toEqual({ hits: Math.floor(size / 200), scans: 0 });
    });
  });

  it('counts every tab by one statement that reads nothing but an index', async () => {
    orders.statements();
    const { orderCounts } = await desk.staff.data<{ orderCounts: { status: string; count: number; more: boolean }[] }>(
      '{ orderCounts { status count more } }',
    );
    const statements = orders.statements().filter((sent) => sent.includes('"orders"."orders"'));
    expect(statements.length).toBe(1);
    const open = Math.floor(size / 100);
    const completed = size - open;
    expect(orderCounts).toEqual([
      { status: 'DRAFT', count: 0, more: false },
      { status: 'OPEN', count: Math.min(open, 10_000), more: open > 10_000 },
      { status: 'COMPLETED', count: Math.min(completed, 10_000), more: completed > 10_000 },
      { status: 'CANCELLED', count: 0, more: false },
      { status: 'EXPIRED', count: 0, more: false },
    ]);
    const plan = await planOf(statements[0] ?? '');
    expect(plan.match(/"Index Name":"[^"]*"/g)).toEqual(Array(5).fill('"Index Name":"orders_status_index"'));
    expect(plan).not.toContain('"Seq Scan"');
  });
}
