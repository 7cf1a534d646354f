import { auditServer } from 'graphql-http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fixtureGraph, type FixtureGraph } from './fixture/graph.ts';

let graph: FixtureGraph;
beforeAll(async () => {
  graph = await fixtureGraph('memory');
});
afterAll(() => graph.close());

it('keeps to GraphQL over HTTP, but for what it departs from on purpose', async () => {
  const results = await auditServer({ url: `${graph.gateway.url}/graphql` });
  const departures = results.filter(({ status }) => status !== 'ok').map((result) => `${result.id} ${result.status}: ${result.name}`);
  expect(results).toHaveLength(61);
  expect(departures.sort()).toEqual([
    // A document that can not be executed is the client's fault, and says so in its status as well.
    '572B warn: SHOULD use 200 status code on document parsing failure when accepting application/json',
    // A GET that any page of another site can cause is refused.
    '5A70 notice: MAY accept application/x-www-form-urlencoded formatted GET requests',
    '6A70 notice: MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/json',
    '7B9B warn: SHOULD use a status code of 200 on variable coercion failure when accepting application/json',
    'D6D5 notice: MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/graphql-response+json',
    'FDE2 warn: SHOULD use 200 status code on document validation failure when accepting application/json',
  ]);
});
