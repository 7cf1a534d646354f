import { afterAll, beforeAll, expect, it } from 'vitest';
import { fixtureGraph, type FixtureGraph } from './fixture/graph.ts';

let graph: FixtureGraph;
beforeAll(async () => {
  graph = await fixtureGraph('memory');
});
afterAll(() => graph.close());

it('composes and serves a graph with live fields, and refuses to run one over a plain request without asking a subgraph', async () => {
  const { status, body } = await graph.ask('subscription { orderPlaced { number } }');
  expect({ status, body }).toEqual({
    status: 400,
    body: {
      errors: [
        {
          message: 'Subscriptions are not served over a plain request.',
          extensions: expect.objectContaining({ code: 'BAD_REQUEST' }) as object,
        },
      ],
    },
  });
  expect(graph.orders.seen).toEqual([]);
  expect((await graph.ask('{ __schema { subscriptionType { fields { name } } } }')).body.data).toEqual({
    __schema: { subscriptionType: { fields: [{ name: 'orderPlaced' }] } },
  });
  const both = await graph.ask('query A { viewer { kind } } subscription B { orderPlaced { number } }', { operationName: 'B' });
  expect(both.body.errors?.map(({ extensions }) => extensions['code'])).toEqual(['BAD_REQUEST']);
});
