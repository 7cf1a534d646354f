import { beforeAll, expect, it } from 'vitest';
import { seedStore, type GraphHarness, type SeededStore } from '../../src/graph.ts';

/** A process that is gone refuses at once, and a busy machine adds to it. */
const withinMs = 5_000;
const back = { timeout: 30_000, interval: 200 };

/** What the death of any process of a split graph costs, and for how long. */
export function killedProcesses(running: () => GraphHarness): void {
  let graph: GraphHarness;
  let store: SeededStore;
  let customerId: string;
  let orderId: string;
  beforeAll(async () => {
    graph = running();
    store = await seedStore(graph);
    customerId = (await store.customer()).id;
    orderId = (await store.order({ customerId })).id;
  });
  const kill = (name: string) => {
    const pid = graph.processOf(name);
    process.kill(pid, 'SIGKILL');
    return pid;
  };
  const query =
    'query ($c: ID!, $o: ID!) { customer(id: $c) { displayName orderCount } order(id: $o) { number customer { displayName } } }';
  const ask = async () => {
    const asked = Date.now();
    const { data, errors } = await store.owner.run(query, { c: customerId, o: orderId });
    const codes = new Set(errors?.map((error) => error.extensions?.['code']));
    return { data, codes: [...codes], inTime: Date.now() - asked < withinMs };
  };
  const whole = {
    data: {
      customer: { displayName: 'Ada Lovelace', orderCount: 1 },
      order: { number: expect.any(String), customer: { displayName: 'Ada Lovelace' } },
    },
    codes: [],
    inTime: true,
  };

  it('costs only the fields of orders, and orders is used again when it is back', async () => {
    expect(await ask()).toEqual(whole);
    const killed = kill('orders');
    expect(await ask()).toEqual({
      data: { customer: { displayName: 'Ada Lovelace', orderCount: null }, order: null },
      codes: ['SUBGRAPH_UNAVAILABLE'],
      inTime: true,
    });
    await expect.poll(ask, back).toEqual(whole);
    expect(graph.processOf('orders')).not.toBe(killed);
  });

  it('costs only the fields of customers, and customers is used again when it is back', async () => {
    kill('customers');
    expect(await ask()).toEqual({
      data: { customer: null, order: { number: whole.data.order.number, customer: null } },
      codes: ['SUBGRAPH_UNAVAILABLE'],
      inTime: true,
    });
    await expect.poll(ask, back).toEqual(whole);
  });

  it('leaves those who are known working while accounts is away, and lets nobody in unchecked', async () => {
    const newcomer = await store.apiKey(['customers:read']);
    expect(await ask()).toEqual(whole);
    kill('accounts');
    expect(await ask()).toEqual(whole);
    expect(await newcomer.codes('{ customers(first: 1) { nodes { id } } }')).toEqual(['SUBGRAPH_UNAVAILABLE']);
    await expect.poll(() => newcomer.codes('{ customers(first: 1) { nodes { id } } }'), back).toEqual([]);
  });

  it('brings the gateway back on the same port', async () => {
    const killed = kill('gateway');
    await expect.poll(() => ask().catch(() => null), back).toEqual(whole);
    expect(graph.processOf('gateway')).not.toBe(killed);
  });
}
