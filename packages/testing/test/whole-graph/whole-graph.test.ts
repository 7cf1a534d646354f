import { beforeAll, describe, expect, it } from 'vitest';
import { graphHarness, seedStore, type GraphHarness } from '../../src/graph.ts';
import { liveFields } from './live-fields.ts';
import { scenarios } from './scenarios.ts';

// Split, the same passes in split.long.test.ts.
describe('the graph, all in one', () => {
  let graph: GraphHarness;
  beforeAll(async () => {
    // A hundred calls that wait for one another take their time on a busy machine; deadlines have tests of their own.
    graph = await graphHarness({ mode: 'all in one', deadlineMs: 20_000 });
  });

  scenarios(() => graph);
  describe('a live field', () => liveFields(() => graph, 'all in one'));
});

describe('a page of customers', () => {
  let graph: GraphHarness;
  beforeAll(async () => {
    graph = await graphHarness();
  });

  it('takes as many statements and fetches for 100 as for one', async () => {
    const store = await seedStore(graph);
    for (let made = 0; made < 100; made += 10) {
      await Promise.all(
        Array.from({ length: 10 }, async () => {
          const { id } = await store.customer({ addresses: [{ line1: '1 High Street', city: 'Leeds', country: 'GB' }] });
          await store.order({ customerId: id });
        }),
      );
    }
    const page = (first: number) =>
      store.owner.data<{ customers: { nodes: unknown[] } }>(
        `{ customers(first: ${first}) { nodes {
             displayName email addresses { city } contactPoints { address }
             orderCount orderMetrics { totalOrders totalSpent { amount } } recentOrders(first: 3) { number lines { name } customer { displayName } }
           } } }`,
      );
    const cost = async (first: number) => {
      await graph.settled();
      graph.statements();
      graph.fetches();
      const { customers } = await page(first);
      return { customers: customers.nodes.length, statements: graph.statements().length, fetches: graph.fetches() };
    };
    await cost(1);
    const [one, hundred] = [await cost(1), await cost(100)];
    expect([one.customers, hundred.customers]).toEqual([1, 100]);
    expect(one.fetches).toEqual(['customers', 'orders', 'customers']);
    expect(hundred.fetches).toEqual(one.fetches);
    expect(one.statements).toBeGreaterThan(one.fetches.length);
    expect(hundred.statements).toBe(one.statements);
  });
});

describe('a domain that is left out', () => {
  let graph: GraphHarness;
  beforeAll(async () => {
    graph = await graphHarness({ without: ['orders'] });
  });

  it('takes its types and the fields it adds out of the schema, and everything else answers', async () => {
    const store = await seedStore(graph);
    const { id } = await store.customer();
    expect(await store.owner.data('query ($id: ID!) { customer(id: $id) { displayName } }', { id })).toEqual({
      customer: { displayName: 'Ada Lovelace' },
    });
    const schema = await graph
      .client()
      .data<{ order: unknown; customer: { fields: { name: string }[] } }>(
        '{ order: __type(name: "Order") { name } customer: __type(name: "Customer") { fields { name } } }',
      );
    expect(schema.order).toBeNull();
    expect(schema.customer.fields.map((field) => field.name).filter((name) => /order/i.test(name))).toEqual([]);
  });
});
