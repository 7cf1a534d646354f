import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { tokens } from './fixture/credentials.ts';
import { fixtureGraph, type FixtureGraph } from './fixture/graph.ts';
import { liveGraph } from './subscriptions/live-graph.ts';

const query = '{ customers { name orderCount } }';
const data = { customers: ['cus_1', 'cus_2', 'cus_3'].map((id) => ({ name: `Name ${id}`, orderCount: 1 })) };
const header = { 'x-storegraph-explain': 'true' };
const ms = expect.any(Number) as unknown;

const fetches = [
  {
    subgraph: 'customers',
    path: '',
    document: '{customers{__typename id name}}',
    representations: null,
    startedMs: ms,
    durationMs: ms,
    bytes: 14 + 3 * '{"__typename":"Customer","id":"cus_1","name":"Name cus_1"}'.length + 2 + 2,
    shared: false,
    errors: 0,
  },
  {
    subgraph: 'orders',
    path: 'customers.@',
    document: 'query($representations:[_Any!]!){_entities(representations:$representations){...on Customer{orderCount}}}',
    representations: 3,
    startedMs: ms,
    durationMs: ms,
    bytes: 14 + 3 * '{"orderCount":1}'.length + 2 + 2,
    shared: false,
    errors: 0,
  },
];
const plan = expect.stringMatching(/^QueryPlan \{\n {2}Sequence \{\n {4}Fetch\(service: "customers"\)/) as unknown;
const steps = (parsingMs: unknown, validationMs: unknown) => ({ parsingMs, validationMs, planningMs: ms });

/** One operation over a WebSocket of its own. */
async function overSocket({ gateway }: FixtureGraph, extensions: Record<string, unknown>): Promise<unknown> {
  const client = createClient({ url: `${gateway.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket });
  try {
    const { value } = await client.iterate({ query, extensions }).next();
    return value as unknown;
  } finally {
    await client.dispose();
  }
}

describe.each(['memory', 'http'] as const)('an operation that asks to be explained (%s)', (mode) => {
  let graph: FixtureGraph;
  beforeAll(async () => {
    graph = await fixtureGraph(mode, { cost: { maximumAvailable: 1_000, restoreRate: 0.001 } });
  });
  afterAll(() => graph.close());
  const cost = expect.objectContaining({ requestedQueryCost: 5 }) as unknown;

  it('tells its plan, each fetch and what the steps took, next to its answer; and of what was known, that it was', async () => {
    const { body } = await graph.ask(query, { headers: header });
    expect(body).toEqual({ data, extensions: { cost, explain: { totalMs: ms, ...steps(ms, ms), plan, fetches } } });
    const { body: again } = await graph.ask(query, { headers: header });
    expect(again).toEqual({ data, extensions: { cost, explain: { totalMs: ms, ...steps(null, null), plan, fetches } } });
  });

  it('may ask by its extensions instead, over POST, GET and a WebSocket', async () => {
    const url = `${graph.gateway.url}/graphql`;
    const posted = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, extensions: { explain: true } }),
    });
    const search = new URLSearchParams({ query, extensions: '{"explain":true}' });
    const got = await fetch(`${url}?${search.toString()}`, { headers: { 'apollo-require-preflight': '1' } });
    for (const answer of [await posted.json(), await got.json(), await overSocket(graph, { explain: true })])
      expect(answer).toMatchObject({ data, extensions: { cost, explain: { plan, fetches } } });
  });

  it('says nothing to who did not ask', async () => {
    const asked = ['false', '', 'no'].map(async (value) => (await graph.ask(query, { headers: { 'x-storegraph-explain': value } })).body);
    const bodies = await Promise.all(asked);
    for (const answer of [...bodies, await overSocket(graph, {})]) expect(answer).toEqual({ data, extensions: { cost } });
  });

  it('tells what failed, and nothing of what was refused before it was planned', async () => {
    graph.orders.answer = () => Promise.reject(new Error('down'));
    const { body } = await graph.ask(query, { headers: header });
    graph.orders.answer = undefined;
    expect(body.extensions).toMatchObject({ explain: { fetches: [{ errors: 0 }, { subgraph: 'orders', bytes: 0, errors: 1 }] } });
    const refused = await graph.ask('{ customers { nothing } }', { headers: header });
    expect(refused.body).not.toHaveProperty('extensions');
  });
});

it('explains each event of a subscription that asks for it, and to nobody else who follows the same', async () => {
  const graph = await liveGraph();
  try {
    const follow = (extensions: Record<string, unknown>) =>
      graph.client().iterate({ query: 'subscription { ticks { number customer { name } } }', extensions });
    const [asking, other] = [follow({ explain: true }), follow({})];
    const answers = Promise.all([asking.next(), other.next()]);
    await graph.feed.followed(2);
    graph.feed.add();
    const [explained, plain] = await answers;
    expect(explained.value).toMatchObject({
      extensions: {
        explain: {
          parsingMs: null,
          plan: expect.stringContaining('Subscription') as unknown,
          fetches: [{ subgraph: 'customers', representations: 1, shared: false }],
        },
      },
    });
    expect(plain.value).toEqual({ data: { ticks: { number: 1, customer: { name: 'Name cus_1' } } } });
  } finally {
    await graph.close();
  }
});

it('is for who has the permission, where not everybody may: others are refused, and nothing is done', async () => {
  const graph = await fixtureGraph('memory', { introspection: false });
  try {
    const rename = 'mutation { storeRename(input: { name: "x" }) { name } }';
    const visitor = await graph.ask(rename, { headers: header });
    expect([visitor.status, visitor.body.errors]).toMatchObject([401, [{ extensions: { code: 'UNAUTHENTICATED' } }]]);
    const as = (token: string) => ({ headers: { ...header, authorization: `Bearer ${token}` } });
    for (const token of [tokens.staff, tokens.customer, tokens.reader, tokens.key]) {
      const { status, body } = await graph.ask(rename, as(token));
      expect([status, body.data, body.errors]).toMatchObject([403, undefined, [{ extensions: { code: 'FORBIDDEN' } }]]);
    }
    await expect(overSocket(graph, { explain: true })).rejects.toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    expect([graph.accounts.seen, graph.customers.seen]).toEqual([[], []]);
    expect((await graph.ask(query, as(tokens.developer))).body.extensions).toMatchObject({ explain: { plan, fetches } });
  } finally {
    await graph.close();
  }
});
