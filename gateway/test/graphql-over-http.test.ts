import { afterAll, beforeAll, expect, it } from 'vitest';
import { audited, meantDepartures } from './audits.ts';
import { fixtureGraph, type FixtureGraph } from './fixture/graph.ts';

let graph: FixtureGraph;
beforeAll(async () => {
  graph = await fixtureGraph('memory');
});
afterAll(() => graph.close());

it('keeps to GraphQL over HTTP, but for what it departs from on purpose', async () => {
  expect(await audited(graph.gateway.url)).toEqual({ count: 61, departures: meantDepartures });
});
