import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createPostgresTransport, defineReaction, orderPlaced, refundCreated, startDispatcher } from '@storegraph/events';
import { deploymentSecret, rolePrefix } from '@storegraph/testing';
import { graphHarness, seedStore, type GraphHarness, type SeededStore } from '@storegraph/testing/graph';
import { silentLogger } from '@storegraph/core';
import { beforeAll, expect, it } from 'vitest';
import { emptyFolder, storegraph } from '../command.ts';
import { expectedOf, linesOf, sum, type Expected } from './expected.ts';

interface Metrics {
  readonly totalOrders: number;
  readonly totalSpent: readonly Amount[];
  readonly totalRefunded: readonly Amount[];
}
interface Amount {
  readonly amount: number;
  readonly currency: string;
}
interface Page {
  readonly customers: {
    readonly nodes: readonly {
      readonly id: string;
      readonly contactPoints: readonly { readonly channel: string; readonly address: string }[];
      readonly orderMetrics: Metrics & { readonly firstOrderDate: string | null; readonly lastOrderDate: string | null };
    }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

const page = `query ($after: String) { customers(first: 100, after: $after) {
  nodes { id contactPoints { channel address } orderMetrics { totalOrders totalSpent { amount currency } totalRefunded { amount currency } firstOrderDate lastOrderDate } }
  pageInfo { hasNextPage endCursor } } }`;
const pounds = (amount: bigint): Amount[] => (amount === 0n ? [] : [{ amount: Number(amount), currency: 'GBP' }]);

/** What holds for a file after it has been imported into a store of its own, through the command line and seen through the graph. */
export function holdsFor(file: string, { brokenLine }: { brokenLine: number }): void {
  let graph: GraphHarness;
  let store: SeededStore;
  let expected: Expected;
  let folder: string;
  let output: string;
  const heard = { effect: 0, projection: 0 };

  const run = async () => {
    const { code, stdout, stderr } = await storegraph(
      ['import', 'orders', file, '--store', store.slug, '--data', folder, '--report', join(folder, 'rejected.csv')],
      { DATABASE_URL: graph.adminUrl, STOREGRAPH_SECRET: deploymentSecret },
    ).ended;
    expect([code, stderr]).toEqual([0, '']);
    return stdout;
  };

  beforeAll(async () => {
    graph = await graphHarness();
    store = await seedStore(graph, { currency: 'GBP' });
    folder = await emptyFolder();
    expected = await expectedOf(file);
    const transport = createPostgresTransport({ url: graph.loginOf('all'), prefix: rolePrefix });
    const on = [orderPlaced, refundCreated];
    const reactions = (['effect', 'projection'] as const).map((kind) => ({
      domain: 'orders',
      reaction: defineReaction({
        name: `orders.test-${kind}`,
        kind,
        on,
        handle: () => {
          heard[kind] += 1;
          return Promise.resolve();
        },
      }),
    }));
    const dispatcher = await startDispatcher({ transport, pool: graph.pool, reactions, log: silentLogger });
    output = await run();
    await dispatcher.idle();
    await graph.settled();
    await dispatcher.stop();
    await transport.close();
  });

  it('accounts for every line in the summary, and prints nothing else', () => {
    const { orders, refunds, adjustments } = expected;
    const counted = [...output.matchAll(/^ {2}(\S.*?) +(\d+) {2}/gm)].map(([, label, count]) => [label, Number(count)]);
    expect(counted).toEqual([
      ['orders', linesOf(orders)],
      ['refunds', linesOf(refunds)],
      ['stock adjustments', linesOf(adjustments)],
      ['rejected', 1],
    ]);
    expect(linesOf(orders) + linesOf(refunds) + linesOf(adjustments) + 1).toBe(expected.lines);
    expect(output).toContain(`${expected.lines} lines read:\n`);
    expect(output).toContain(`lines of ${orders.length} new orders and 0 that were there\n`);
    expect(output).toContain(`lines of ${refunds.length} new refunds and 0 that were there\n`);
    expect(output.split('\n')).toHaveLength(7);
  });

  it('rejects the cut-off line alone, with its number and the reason', async () => {
    expect(expected.broken).toEqual([brokenLine]);
    const report = await readFile(join(folder, 'rejected.csv'), 'utf8');
    expect(report).toBe(`line,code,reason,content\n${brokenLine},COLUMNS,The line has 3 of 8 columns.,539650 | 84347 | R\n`);
  });

  it('gives each customer the exact sum of the file, through the graph, and the store that of all', async () => {
    const actual = new Map<string, unknown>();
    for (let after: string | null = null, more = true; more;) {
      const { customers }: Page = await store.owner.data<Page>(page, { after });
      for (const { contactPoints, orderMetrics } of customers.nodes) actual.set(contactPoints[0]?.address ?? '', orderMetrics);
      [after, more] = [customers.pageInfo.endCursor, customers.pageInfo.hasNextPage];
    }
    const ids = new Set([...expected.orders, ...expected.refunds].flatMap(({ customer }) => customer ?? []));
    const wanted = new Map(
      [...ids].map((id) => {
        const orders = expected.orders.filter(({ customer }) => customer === id);
        const refunds = expected.refunds.filter(({ customer }) => customer === id);
        const times = orders.map(({ at }) => at.getTime());
        return [
          id,
          {
            totalOrders: orders.length,
            totalSpent: orders.length > 0 ? [{ amount: Number(sum(orders.map(({ worth }) => worth))), currency: 'GBP' }] : [],
            totalRefunded: pounds(sum(refunds.map(({ worth }) => worth))),
            firstOrderDate: times.length > 0 ? new Date(Math.min(...times)).toISOString() : null,
            lastOrderDate: times.length > 0 ? new Date(Math.max(...times)).toISOString() : null,
          },
        ];
      }),
    );
    expect(Object.fromEntries(actual)).toEqual(Object.fromEntries(wanted));

    const { store: total } = await store.owner.data<{ store: { orderMetrics: Metrics } }>(
      '{ store { orderMetrics(from: "2010-12-01", to: "2010-12-31", timeZone: "Europe/London") { totalOrders totalSpent { amount currency } totalRefunded { amount currency } } } }',
    );
    expect(total.orderMetrics).toEqual({
      totalOrders: expected.orders.length,
      totalSpent: pounds(sum(expected.orders.map(({ worth }) => worth))),
      totalRefunded: pounds(sum(expected.refunds.map(({ worth }) => worth))),
    });
  });

  it('makes one order of each invoice, with all of its lines, equal ones too, at its time, and none of a guest’s has a customer', async () => {
    const rows = await graph.admin<{ number: string; customer: string | null; worth: string; lines: string; at: Date }>(
      `select o.external_id as number, p.address as customer, o.total::text as worth, count(l.id)::text as lines, o.placed_at as at
       from orders.orders o join orders.order_lines l on l.store_id = o.store_id and l.order_id = o.id
         left join customers.contact_points p on p.store_id = o.store_id and p.customer_id = o.customer_id
       group by o.store_id, o.id, p.address`,
    );
    expect(byNumber(rows)).toEqual(byNumber(expected.orders));
    expect(rows.some(({ customer }) => customer === null)).toBe(true);
  });

  it('makes a refund of source IMPORT of each credit note, and nothing of a stock adjustment', async () => {
    const rows = await graph.admin<{ number: string; customer: string | null; worth: string; lines: string; at: Date }>(
      `select r.external_id as number, p.address as customer, r.amount::text as worth, count(l.id)::text as lines, r.refunded_at as at
       from orders.refunds r join orders.refund_lines l on l.store_id = r.store_id and l.refund_id = r.id
         left join customers.contact_points p on p.store_id = r.store_id and p.customer_id = r.customer_id
       where r.source = 'IMPORT' group by r.store_id, r.id, p.address`,
    );
    expect(byNumber(rows)).toEqual(byNumber(expected.refunds));
    expect(await graph.admin('select count(*)::int as count from orders.refunds')).toEqual([{ count: expected.refunds.length }]);
  });

  it('finds a customer by the number that the file has', async () => {
    const { customers } = await store.owner.data<Page>(
      'query ($number: String!) { customers(query: $number, first: 5) { nodes { contactPoints { channel address } } } }',
      { number: '17850' },
    );
    expect(customers.nodes).toEqual([{ contactPoints: [{ channel: 'EXTERNAL', address: '17850' }] }]);
  });

  it('tells projections of every order and refund, and effects of none', async () => {
    expect(heard).toEqual({ effect: 0, projection: expected.orders.length + expected.refunds.length });
    const types = "('order.placed', 'refund.created', 'customer.created', 'customer.contact-point-added')";
    expect(await graph.admin(`select distinct origin from events.log where type in ${types}`)).toEqual([{ origin: 'IMPORT' }]);
  });

  it('creates nothing when it runs again', async () => {
    const again = await run();
    expect(again).toContain(`lines of 0 new orders and ${expected.orders.length} that were there\n`);
    expect(again).toContain(`lines of 0 new refunds and ${expected.refunds.length} that were there\n`);
    expect(again).toContain('0 new customers.');
    expect(await graph.admin('select count(*)::int as count from orders.orders')).toEqual([{ count: expected.orders.length }]);
  });
}

function byNumber(rows: readonly { number: string; customer: string | null; worth: bigint | string; lines: number | string; at: Date }[]) {
  return Object.fromEntries(
    rows.map(({ number, customer, worth, lines, at }) => [number, [customer, String(worth), Number(lines), at.toISOString()]]),
  );
}
