import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { environment, fromUuid, toUuid, type Id } from '@storegraph/core';
import { openDirect } from '@storegraph/database';

// A process of its own: the least program that answers the benchmark's question about a customer and keeps its store: it looks up who asks by the
// token's hash, as in a cache of sessions, and asks in a transaction that is bound to the store for the policies. No graph, no rights and no rules.

interface Order {
  readonly id: string;
  readonly number: string;
  readonly status: string;
  readonly placed_at: Date;
  readonly total: string;
  readonly currency: string;
}

type Query = Parameters<Parameters<typeof database.transaction>[0]>[0];

const [, , storeUuid = '', tokenHash = ''] = process.argv;
const database = openDirect({ url: environment().DATABASE_URL ?? '', max: 10 });

/** The stores of those who are logged in, by their tokens' hashes. */
const sessions = new Map([[tokenHash, storeUuid]]);

const hashOf = (authorization = '') => createHash('sha256').update(authorization.slice('Bearer '.length)).digest('base64url');

const customerOf = (store: string, id: Id): Promise<unknown> => database.transaction((query) => within(query, store, id));

async function within(query: Query, store: string, id: Id): Promise<unknown> {
  const of = [store, toUuid(id)];
  const [, customers, metrics, orders, lines] = await Promise.all([
    query("select set_config('app.kind', 'STAFF', true), set_config('app.store_id', $1, true)", [store]),
    query<{ number: string; first_name: string; last_name: string; status: string }>(
      'select number, first_name, last_name, status from customers.customers where store_id = $1 and id = $2',
      of,
    ),
    query<{ orders: string; spent: string; currency: string; last: Date }>(
      `select count(*) as orders, sum(total) as spent, currency, max(placed_at) as last from orders.orders
       where store_id = $1 and customer_id = $2 and status in ('OPEN', 'COMPLETED') group by currency`,
      of,
    ),
    query<Order>(
      `select id, number, status, placed_at, total, currency from orders.orders
       where store_id = $1 and customer_id = $2 order by placed_at desc, id desc limit 5`,
      of,
    ),
    query<{ order_id: string; name: string; quantity: number; total: string }>(
      `select order_id, name, quantity, total from orders.order_lines where store_id = $1 and order_id in (
         select id from orders.orders where store_id = $1 and customer_id = $2 order by placed_at desc, id desc limit 5) order by position`,
      of,
    ),
  ]);
  const [customer] = customers;
  return {
    id,
    number: Number(customer?.number),
    firstName: customer?.first_name,
    lastName: customer?.last_name,
    status: customer?.status,
    orderMetrics: {
      totalOrders: metrics.reduce((sum, each) => sum + Number(each.orders), 0),
      totalSpent: metrics.map(({ spent, currency }) => ({ amount: Number(spent), currency })),
      lastOrderDate: metrics[0]?.last ?? null,
    },
    recentOrders: orders.map(({ id: order, number, status, placed_at, total, currency }) => ({
      id: fromUuid('ord', order),
      number,
      status,
      placedAt: placed_at,
      total: { amount: Number(total), currency },
      lines: lines
        .filter(({ order_id }) => order_id === order)
        .map((line) => ({ name: line.name, quantity: line.quantity, total: { amount: Number(line.total) } })),
    })),
  };
}

const server = createServer((request, response) => {
  const store = sessions.get(hashOf(request.headers.authorization));
  if (store === undefined) return void response.writeHead(401).end();
  void json(request).then(async (body) => {
    const { variables } = body as { variables: { id: Id } };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ data: { customer: await customerOf(store, variables.id) } }));
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}` });
});
process.on('disconnect', () => process.exit());
