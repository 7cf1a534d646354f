import { join } from 'node:path';
import { loginUrl, openDirect, type Direct } from '@storegraph/database';
import { deriveSecrets } from '@storegraph/auth';
import { parseId, toUuid } from '@storegraph/core';
import { importOrderFile } from '../import/orders.ts';
import { onlineRetail } from '../import/layout.ts';
import { inspect } from '../import/read.ts';
import { compared, sideBySide, type Measurement } from './measure.ts';
import { writeOrdersFile } from './orders-file.ts';
import { onStage } from './stage.ts';

const rounds = 200;

/** Reads through gateway and subgraphs, over HTTP, against the same questions put to PostgreSQL directly; and row-level security against none. */
export function benchRead(): Promise<Measurement[]> {
  return onStage(async ({ owner, bare, graph, folder, options, storeUuid }) => {
    const path = join(folder, 'orders.csv');
    await writeOrdersFile(path, 40_000);
    const { store } = await owner.run<{ store: { id: string } }>('{ store { id } }');
    const storeId = parseId('sto', store.id);
    if (!storeId) throw new Error('The store has no id.');
    await importOrderFile({
      pool: graph.pool,
      storeId,
      file: await inspect(path, onlineRetail),
      analyze: async () => {},
      onRejected: () => {},
    });
    // As autovacuum would soon: index-only scans need the visibility map.
    await bare.query('vacuum analyze');

    const { customers } = await owner.run<{ customers: { nodes: { id: string }[] } }>('{ customers(first: 100) { nodes { id } } }');
    const id = customers.nodes[0]?.id ?? '';
    const uuid = toUuid(parseId('cus', id) ?? 'cus_');
    const one = await sideBySide(
      rounds,
      () => owner.run('query ($id: ID!) { customer(id: $id) { id number firstName lastName status } }', { id }),
      () =>
        bare.query('select id, number, first_name, last_name, status from customers.customers where store_id = $1 and id = $2', [
          storeUuid,
          uuid,
        ]),
    );
    const page = await sideBySide(
      rounds / 4,
      () =>
        owner.run(
          '{ customers(first: 100) { nodes { id number status orderMetrics { totalOrders totalSpent { amount currency } lastOrderDate } } } }',
        ),
      () => bare.query(pageWithMetrics, [storeUuid]),
    );

    const secret = deriveSecrets(options.secret).databaseSecret;
    const url = loginUrl({ adminUrl: options.adminUrl, prefix: options.rolePrefix, secret, domain: 'orders' });
    const walled = openDirect({ url, role: `${options.rolePrefix}_orders` });
    try {
      // For the session: one connection, one store.
      await walled.query("select set_config('app.kind', 'STAFF', false), set_config('app.store_id', $1, false)", [storeUuid]);
      await assertWalled(walled, bare);
      const policies = await sideBySide(
        rounds,
        () => walled.query(metricsOfStore, [storeUuid]),
        () => bare.query(metricsOfStore, [storeUuid]),
      );
      return [
        compared('one customer over HTTP, against its SELECT', one),
        compared('a page of 100 customers with order metrics, against one SELECT', page),
        compared('sums over a store’s orders under row-level security, against the same without', policies),
      ];
    } finally {
      await walled.close();
    }
  });
}

/** The comparison is worth nothing unless the policies filter on one side, and only there. */
async function assertWalled(walled: Direct, bare: Direct): Promise<void> {
  const planOf = async (side: Direct) => JSON.stringify(await side.query(`explain (generic_plan) ${metricsOfStore}`));
  if (!(await planOf(walled)).includes('app.kind')) throw new Error('The walled side runs without the policies.');
  if ((await planOf(bare)).includes('app.kind')) throw new Error('The bare side runs with the policies.');
}

const pageWithMetrics = `
  select c.id, c.number, c.status, m.*
  from (select id, number, status from customers.customers where store_id = $1 order by created_at desc, id desc limit 101) c
  left join lateral (
    select count(*) as total_orders, sum(o.total) as total_spent, max(o.placed_at) as last_order
    from orders.orders o
    where o.store_id = $1 and o.customer_id = c.id and o.status in ('OPEN', 'COMPLETED')
  ) m on true`;

const metricsOfStore =
  "select count(*), sum(total), max(placed_at) from orders.orders where store_id = $1 and status in ('OPEN', 'COMPLETED')";
