import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixtureGraph, type FixtureGraph } from './fixture/graph.ts';
import { ids, tokens } from './fixture/credentials.ts';

const everything = `query Everything($id: ID!) {
  viewer { kind subject }
  customer(id: $id) { name email store { id name } orders { number customer { name } } orderCount }
  order(id: "ord_9") { number customer { name orderCount } }
}`;

describe.each(['memory', 'http'] as const)('over %s', (mode) => {
  let graph: FixtureGraph;
  beforeAll(async () => {
    graph = await fixtureGraph(mode);
  });
  afterAll(() => graph.close());

  it('answers one query from three subgraphs', async () => {
    const { status, body } = await graph.ask(everything, {
      variables: { id: 'cus_1' },
      headers: { authorization: `Bearer ${tokens.staff}` },
    });
    expect(body).toEqual({
      data: {
        viewer: { kind: 'STAFF', subject: ids.user },
        customer: {
          name: 'Name cus_1',
          email: 'cus_1@example.test',
          store: { id: 'sto_1', name: 'Store sto_1' },
          orders: [{ number: 1, customer: { name: 'Name cus_1' } }],
          orderCount: 1,
        },
        order: { number: 7, customer: { name: 'Name cus_1', orderCount: 1 } },
      },
    });
    expect(status).toBe(200);
  });
});
