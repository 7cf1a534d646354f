import { randomUUID } from 'node:crypto';
import { roleGrants, type Identity } from '@storegraph/auth';
import { fromUuid, newId, toUuid, type StoreId } from '@storegraph/core';
import { openDirect } from '@storegraph/database';
import { copyOf, fillOrders } from './desk-rows.ts';
import { compared, sideBySide, type Measurement } from './measure.ts';
import { onStage, type Stage } from './stage.ts';

const rounds = 300;

/**
 * An order with two lines through the subgraph, in this process, against the transaction that one writes by hand for the same rows, as the administrator:
 * a prepared statement for the counter and one for each table, each awaited.
 */
export function benchOrders(): Promise<Measurement[]> {
  return onStage(async (stage) => {
    const { bare, options } = stage;
    const { storeId, ask } = deskOf(stage);
    const storeUuid = toUuid(storeId);
    const create = (idempotencyKey: string, requestId: string) =>
      ask('mutation ($input: OrderCreateInput!) { orderCreate(input: $input) { order { id } userErrors { code message } } }', requestId, {
        input: {
          idempotencyKey,
          currency: 'EUR',
          contact: { name: 'Grace Hopper', email: 'grace@example.com' },
          lines: [line('A'), line('B')],
        },
      });

    const [sampleKey, sampleRequest] = [randomUUID(), newId('req')];
    const { orderCreate } = await create(sampleKey, sampleRequest);
    const order = (orderCreate as { order: { id: string } }).order.id;
    const orderUuid = toUuid(order as `ord_${string}`);
    const tables = [
      await copyOf(bare, 'orders.idempotency_keys', 'key = $1', [sampleKey]),
      await copyOf(bare, 'orders.orders', 'id = $1', [orderUuid]),
      await copyOf(bare, 'orders.order_lines', 'order_id = $1', [orderUuid]),
      await copyOf(bare, 'orders.order_events', 'order_id = $1', [orderUuid]),
      await copyOf(bare, 'events.log', 'correlation_id = $1', [sampleRequest]),
    ];
    if (tables.some(({ rows }) => rows.length === 0)) throw new Error('The order left no rows to compare with.');

    // A connection of its own: what is between begin and commit belongs together.
    const hand = openDirect({ url: options.adminUrl });
    let number = 1_000_000;
    const written = async () => {
      const id = randomUUID();
      number += 1;
      const fresh = (row: Readonly<Record<string, string | null>>) => {
        const isLine = 'unit_price' in row;
        const anew: Readonly<Record<string, string | null>> = {
          id: 'order_id' in row || 'aggregate' in row ? randomUUID() : id,
          order_id: id,
          number: String(number),
          key: randomUUID(),
          fingerprint: null,
          // Given to an event and to an entry when it is read.
          ...(isLine ? {} : { position: null }),
        };
        return Object.entries(row).map(([name, value]) => (name in anew && value !== null ? anew[name] : value));
      };
      await hand.query('begin');
      await hand.query('update orders.order_counters set last = last + 1 where store_id = $1', [storeUuid]);
      for (const { statement, rows } of tables) await hand.query(statement, rows.flatMap(fresh));
      await hand.query('commit');
    };
    try {
      const times = await sideBySide(rounds, () => create(randomUUID(), newId('req')), written);
      return [compared('an order of two lines through the subgraph, against its bare transaction', times, 2)];
    } finally {
      await hand.close();
    }
  });
}

const line = (sku: string) => ({ sku, name: 'Lantern', quantity: 2, unitPrice: 1250 });

const page =
  '{ orders(first: 50) { nodes { id number placedAt total { amount currency } lines { name quantity total { amount } } customer { orderMetrics { totalOrders totalSpent { amount currency } } } } } }';

/** A desk's first page in a large store against the same in a small one. */
export function benchDesk({ orders: size = 100_000 }: { readonly orders?: number | undefined } = {}): Promise<Measurement[]> {
  return onStage(async (stage) => {
    const [small, large] = [deskOf(stage), deskOf(stage)];
    await fillOrders(stage.bare, toUuid(small.storeId), 1_000);
    await fillOrders(stage.bare, toUuid(large.storeId), size);
    // As autovacuum would soon: index-only scans need the visibility map.
    await stage.bare.query('vacuum analyze');
    const times = await sideBySide(
      100,
      () => large.ask(page),
      () => small.ask(page),
    );
    return [compared(`a page of 50 orders with lines and customers’ metrics, in a store of ${size} against one of 1000`, times, 1.5)];
  });
}

/** Staff of a store that is nowhere but in the rows of orders, asking the subgraph in this process. */
export function deskOf({ graph }: Stage, domain = 'orders') {
  const runtime = graph.runtimes.find(({ name }) => name === domain);
  if (!runtime) throw new Error(`There is no subgraph ${domain}.`);
  const storeId: StoreId = fromUuid('sto', randomUUID());
  const identity: Identity = { kind: 'STAFF', storeId, subjectId: newId('usr'), sessionId: newId('ses'), permissions: roleGrants.OWNER };
  const ask = async (
    query: string,
    requestId: string = newId('req'),
    variables: Record<string, unknown> = {},
  ): Promise<Record<string, unknown>> => {
    const { data, errors } = await runtime.execute({ query, variables, identity, requestId });
    if (errors || !data || JSON.stringify(data).includes('"code"'))
      throw new Error(`The benchmark's question failed: ${JSON.stringify(errors ?? data)}`);
    return data;
  };
  return { storeId, ask };
}
