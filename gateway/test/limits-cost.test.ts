import { afterEach, describe, expect, it } from 'vitest';
import { fixtureGraph, type FixtureGraph } from './fixture/graph.ts';
import { tokens } from './fixture/credentials.ts';

let graph: FixtureGraph | undefined;
afterEach(() => graph?.close());

/** Restores so little while a test runs that its figures are exact. */
const cost = { maximumAvailable: 40, restoreRate: 0.001 };
const page = '{ customers { name store { name } } }';
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
const available = (points: number) => ({ ...cost, currentlyAvailable: points });

describe('the cost of an operation', () => {
  it('is charged as requested, and what the answer did not need is given back', async () => {
    graph = await fixtureGraph('memory', { cost });
    const first = await graph.ask(page);
    expect(first.body.extensions).toEqual({ cost: { requestedQueryCost: 10, actualQueryCost: 6, throttleStatus: available(34) } });
    const mutation = await graph.ask('mutation { storeRename(input: { name: "New" }) { name } }');
    expect(mutation.body.extensions).toEqual({ cost: { requestedQueryCost: 11, actualQueryCost: 11, throttleStatus: available(23) } });
    const nothing = await graph.ask('{ __typename }');
    expect(nothing.body.extensions).toEqual({ cost: { requestedQueryCost: 0, actualQueryCost: 0, throttleStatus: available(23) } });
  });

  it('throttles who has no points left, says when to come again, and nobody else', async () => {
    graph = await fixtureGraph('memory', { cost });
    const spend = 'mutation { a: storeRename(input: { name: "1" }) { name } b: storeRename(input: { name: "2" }) { name } }';
    expect((await graph.ask(spend)).body.errors).toBeUndefined();
    const calls = graph.accounts.seen.length;
    const { status, headers, body } = await graph.ask(spend);
    expect(status).toBe(429);
    expect(headers.get('retry-after')).toBe('4000');
    expect(body.data).toBeUndefined();
    expect(body.errors).toMatchObject([
      {
        message: 'The operation costs 22 points, and 18 are left. Repeat it in 4000 s.',
        extensions: { code: 'THROTTLED', cost: { requestedQueryCost: 22, throttleStatus: available(18) } },
      },
    ]);
    expect(graph.accounts.seen).toHaveLength(calls);
    expect((await graph.ask(spend, bearer(tokens.staff))).body.errors).toBeUndefined();
    expect((await graph.ask(page)).body.errors).toBeUndefined();
  });

  it('is refused, and told, where no bucket holds so much', async () => {
    graph = await fixtureGraph('memory', { cost });
    const { status, body } = await graph.ask('{ a: customers { orders { number customer { name } } } }');
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([
      {
        message: 'The operation would cost 55 points, and no operation may cost more than 40.',
        extensions: { code: 'MAX_COST_EXCEEDED', cost: { requestedQueryCost: 55, maximumAvailable: 40 } },
      },
    ]);
    expect(graph.customers.seen).toEqual([]);
  });

  it('is kept where the client hung up before the answer came', async () => {
    graph = await fixtureGraph('memory', { cost });
    const begun = Promise.withResolvers<void>();
    const aborted = Promise.withResolvers<void>();
    graph.customers.answer = ({ signal }) => {
      begun.resolve();
      return new Promise((resolve) => {
        signal?.addEventListener('abort', () => {
          aborted.resolve();
          resolve({ data: null });
        });
      });
    };
    const leaving = new AbortController();
    const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query: page }) };
    const left = fetch(`${graph.gateway.url}/graphql`, { ...request, signal: leaving.signal }).catch(() => 'left');
    await begun.promise;
    leaving.abort();
    await aborted.promise;
    expect(await left).toBe('left');
    graph.customers.answer = undefined;
    expect((await graph.ask(page)).body.extensions).toMatchObject({ cost: { throttleStatus: available(24) } });
  });

  it('is given back whole where the operation was refused for something else', async () => {
    graph = await fixtureGraph('memory', { cost, introspection: false });
    expect((await graph.ask('{ __schema { description } customers { name } }')).body.errors).toMatchObject([
      { extensions: { code: 'UNAUTHENTICATED' } },
    ]);
    expect((await graph.ask('{ __typename }')).body.extensions).toMatchObject({ cost: { throttleStatus: available(40) } });
  });

  it('goes by @cost and @listSize of another supergraph from its reload on', async () => {
    graph = await fixtureGraph('memory', { cost });
    const weighty = graph.supergraphSdl.replace(/(customers: \[Customer!\]!)/, '$1 @listSize(assumedSize: 12) @cost(weight: 3)');
    expect(weighty).not.toBe(graph.supergraphSdl);
    await graph.gateway.reload(
      weighty
        .replace('{\n  query', '@link(url: "https://specs.apollo.dev/cost/v0.1", import: ["@listSize"])\n{\n  query')
        .concat(
          '\ndirective @cost(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR',
          '\ndirective @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION',
        ),
    );
    expect((await graph.ask('{ customers { name } }')).body.extensions).toMatchObject({
      cost: { requestedQueryCost: 36, actualQueryCost: 27 },
    });
  });

  it('is nowhere to be seen when it is off', async () => {
    graph = await fixtureGraph('memory');
    expect((await graph.ask(page)).body).toEqual({ data: expect.anything() as unknown });
  });
});
