import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'graphql';
import { createEngine } from '../src/execution/in-place.ts';
import { fixtureGraph, type FixtureGraph } from './fixture/graph.ts';

let graph: FixtureGraph;
beforeAll(async () => {
  graph = await fixtureGraph('memory');
});
afterAll(() => graph.close());

/** What /metrics says of a metric, by its labels as they stand there. */
async function metric(name: string): Promise<Record<string, number>> {
  const text = await (await fetch(`${graph.gateway.url}/metrics`)).text();
  const lines = text
    .split('\n')
    .filter((line) => line.startsWith(`storegraph_gateway_${name}{`) || line.startsWith(`storegraph_gateway_${name} `));
  return Object.fromEntries(
    lines.map((line) => {
      const [, labels = '', value] = /^\w+(?:\{(.*)\})? (.*)$/.exec(line) ?? [];
      return [labels, Number(value)];
    }),
  );
}

it('counts requests, errors, fetches by subgraph, and what becomes of plans', async () => {
  await graph.ask('{ customers { name orderCount } }');
  await graph.ask('{ customers { name orderCount } }');
  // The same operation, written otherwise.
  await graph.ask('query { customers { name, orderCount } }');
  await graph.ask('{ customers { nothing } }');
  graph.orders.answer = () => Promise.reject(new Error('down'));
  await graph.ask('{ order(id: "1") { number } }');
  graph.orders.answer = undefined;

  expect(await metric('request_seconds_count')).toEqual({ 'status="200"': 4, 'status="400"': 1 });
  expect(await metric('errors_total')).toEqual({ 'code="GRAPHQL_VALIDATION_FAILED"': 1, 'code="SUBGRAPH_UNAVAILABLE"': 1 });
  expect(await metric('fetch_seconds_count')).toEqual({
    'subgraph="customers",outcome="answered"': 3,
    'subgraph="orders",outcome="answered"': 3,
    'subgraph="orders",outcome="FAILED"': 1,
  });
  expect(await metric('plan_cache_total')).toEqual({ 'event="miss"': 2, 'event="hit"': 2 });
  expect(await metric('planning_seconds_count')).toEqual({ 'outcome="planned"': 2 });
  expect(await metric('plans')).toEqual({ '': 2 });
  expect([await metric('sockets'), await metric('waiting_messages'), await metric('lag_seconds')]).toEqual([
    { '': 0 },
    { '': 0 },
    { '': 0 },
  ]);
});

it('counts the plans that make room for others', async () => {
  const events: string[] = [];
  const engine = createEngine(graph.supergraphSdl, {
    call: () => Promise.resolve({ data: null, errors: [] }),
    maxEvaluatedPlans: 10,
    cachedOperations: 1,
    onCache: (event) => void events.push(event),
  });
  for (const field of ['name', 'id', 'id', 'name']) await engine.operation(parse(`{ customers { ${field} } }`), null);
  expect(events).toEqual(['miss', 'miss', 'evicted', 'hit', 'miss', 'evicted']);
  expect(engine.kept()).toBe(1);
});
