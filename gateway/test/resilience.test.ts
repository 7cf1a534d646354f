import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fixtureGraph, type Answered, type FixtureGraph } from './fixture/graph.ts';
import type { FixtureSubgraph } from './fixture/subgraphs.ts';

const query = '{ store { name } customer(id: "cus_1") { name orders { number } orderCount } }';
const whole = { store: { name: 'Demo' }, customer: { name: 'Name cus_1', orders: [{ number: 1 }], orderCount: 1 } };
const withoutOrders = { store: { name: 'Demo' }, customer: { name: 'Name cus_1', orders: null, orderCount: null } };
const never = () => new Promise<never>(() => undefined);

const shown = ({ body: { errors = [] } }: Answered) =>
  errors.map(({ path, extensions: { code, serviceName } }) => ({ path, code, serviceName }));

const lost = [
  { path: ['customer', 'orders'], code: 'SUBGRAPH_UNAVAILABLE', serviceName: 'orders' },
  { path: ['customer', 'orderCount'], code: 'SUBGRAPH_UNAVAILABLE', serviceName: 'orders' },
];

const garbage: readonly [what: string, answer: unknown][] = [
  ['null', null],
  ['a list', []],
  ['a word', 'nonsense'],
  ['an empty object', {}],
  ['data of another type', { data: 'nonsense' }],
  ['data that is a list', { data: [] }],
  ['no data and no errors', { data: null, errors: [] }],
  ['errors of another type', { data: {}, errors: 'nonsense' }],
  ['no entities', { data: {} }],
  ['too few entities', { data: { _entities: [] } }],
  ['too many entities', { data: { _entities: [null, null] } }],
  ['an entity that is a word', { data: { _entities: ['nonsense'] } }],
  ['an entity that is a list', { data: { _entities: [[]] } }],
  ['an object for a list', { data: { _entities: [{ __typename: 'Customer', orders: { number: 1 } }] } }],
  ['words for objects', { data: { _entities: [{ __typename: 'Customer', orders: ['nonsense'] }] } }],
  ['a list of lists for a list', { data: { _entities: [{ __typename: 'Customer', orders: [[{ number: 1 }]] }] } }],
  ['a type that is not there', { data: { _entities: [{ __typename: 'Nonsense', orderCount: 1 }] } }],
  ['a type that is no word', { data: { _entities: [{ __typename: 7, orderCount: 1 }] } }],
];

describe.each(['memory', 'http'] as const)('over %s', (mode) => {
  let graph: FixtureGraph;
  beforeAll(async () => {
    graph = await fixtureGraph(mode, { deadlineMs: 10_000 }, () => ({ maxAnswerBytes: 100_000 }));
  });
  afterEach(() => {
    for (const subgraph of [graph.accounts, graph.customers, graph.orders]) subgraph.answer = undefined;
  });
  afterAll(() => graph.close());

  const expectOnlyOrdersLost = async () => {
    const answered = await graph.ask(query);
    expect(answered.body.data).toEqual(withoutOrders);
    expect(shown(answered)).toEqual(lost);
    expect(answered.status).toBe(200);
  };

  const expectWhole = async () => expect((await graph.ask(query)).body).toEqual({ data: whole });

  it('a subgraph that hangs costs its own fields, within the deadline, and is used again afterwards', async () => {
    await using closing = new AsyncDisposableStack();
    const hurried = closing.adopt(await fixtureGraph(mode, { deadlineMs: 1_000 }), (running) => running.close());
    await hurried.ask(query);
    let aborted = false;
    hurried.orders.answer = ({ signal }) => {
      signal?.addEventListener('abort', () => (aborted = true));
      return never();
    };
    const start = performance.now();
    const answered = await hurried.ask(query);
    expect(answered.body.data).toEqual(withoutOrders);
    expect(shown(answered)).toEqual(lost);
    expect(performance.now() - start).toBeGreaterThan(950);
    expect(performance.now() - start).toBeLessThan(3_000);
    if (mode === 'memory') expect(aborted).toBe(true);
    hurried.orders.answer = undefined;
    expect((await hurried.ask(query)).body).toEqual({ data: whole });
  });

  it('a subgraph that fails costs its own fields', async () => {
    graph.orders.answer = () => Promise.reject(new Error('connect ECONNREFUSED postgres://app:hunter2@10.0.0.7'));
    await expectOnlyOrdersLost();
    graph.orders.answer = undefined;
    await expectWhole();
  });

  it.each(garbage)('a subgraph that answers with %s costs its own fields', async (_what, answer) => {
    graph.orders.answer = () => Promise.resolve(answer);
    await expectOnlyOrdersLost();
  });

  it('a root field whose subgraph fails is null, with its path', async () => {
    graph.customers.answer = () => Promise.reject(new Error('down'));
    const answered = await graph.ask(query);
    expect(answered.body.data).toEqual({ store: { name: 'Demo' }, customer: null });
    expect(shown(answered)).toEqual([{ path: ['customer'], code: 'SUBGRAPH_UNAVAILABLE', serviceName: 'customers' }]);
  });

  it('every entity of a list gets its own error, up to a hundred', async () => {
    graph.orders.answer = () => Promise.reject(new Error('down'));
    const answered = await graph.ask('{ customers { name orderCount } }');
    expect(answered.body.data).toEqual({ customers: ['cus_1', 'cus_2', 'cus_3'].map((id) => ({ name: `Name ${id}`, orderCount: null })) });
    expect(shown(answered).map(({ path }) => path)).toEqual([0, 1, 2].map((index) => ['customers', index, 'orderCount']));
    graph.customers.answer = () =>
      Promise.resolve({
        data: { customers: Array.from({ length: 150 }, (_, i) => ({ __typename: 'Customer', id: `cus_${i}`, name: 'N' })) },
      });
    expect(shown(await graph.ask('{ customers { name orderCount } }'))).toHaveLength(100);
  });

  it('a null where the schema allows none is an error, not silence', async () => {
    graph.customers.answer = () => Promise.resolve({ data: { customers: [{ __typename: 'Customer', id: 'cus_1', name: null }] } });
    const { body } = await graph.ask('{ customers { name } }');
    expect(body.data).toBeNull();
    expect(body.errors).toMatchObject([
      { message: 'Something went wrong on our side.', path: ['customers', 0, 'name'], extensions: { code: 'INTERNAL' } },
    ]);
    expect(body.extensions).toBeUndefined();
  });

  it('a subgraph that refuses a whole fetch is quoted at each field that it leaves empty', async () => {
    graph.orders.answer = () =>
      Promise.resolve({ errors: [{ message: 'Not yours.', extensions: { code: 'FORBIDDEN', sql: 'select 1' } }] });
    const answered = await graph.ask(query);
    expect(answered.body.data).toEqual(withoutOrders);
    expect(shown(answered)).toEqual(lost.map((each) => ({ ...each, code: 'FORBIDDEN' })));
    expect(answered.body.errors?.map(({ message }) => message)).toEqual(['Not yours.', 'Not yours.']);
    for (const errors of [['nonsense'], [null], [{}], [{ message: 7, path: 'x', extensions: 'y' }], [{ path: [{}] }]]) {
      graph.orders.answer = () => Promise.resolve({ errors });
      expect(shown(await graph.ask(query))).toEqual(lost.map((each) => ({ ...each, code: 'INTERNAL' })));
    }
  });

  it('a missing subgraph of a mutation is told, with the path of the mutation', async () => {
    graph.accounts.answer = () => Promise.reject(new Error('down'));
    const answered = await graph.ask('mutation { storeRename(input: { name: "x" }) { name } }');
    expect(answered.body.data).toEqual({ storeRename: null });
    expect(shown(answered)).toEqual([{ path: ['storeRename'], code: 'SUBGRAPH_UNAVAILABLE', serviceName: 'accounts' }]);
  });

  it('says which subgraphs are down, and is ready while those that it needs are up', async () => {
    const ready = async () => {
      const answer = await fetch(`${graph.gateway.url}/health/ready`);
      const body: unknown = await answer.json();
      return [answer.status, body];
    };
    const until = (state: object) => expect.poll(ready, { timeout: 5_000, interval: 100 }).toEqual(state);
    await until([200, { ready: true, subgraphs: { accounts: 'up', customers: 'up', orders: 'up' } }]);
    graph.orders.healthy = false;
    await until([200, { ready: true, subgraphs: { accounts: 'up', customers: 'up', orders: 'down' } }]);
    graph.orders.healthy = true;
    graph.customers.healthy = false;
    await until([503, { ready: false, subgraphs: { accounts: 'up', customers: 'down', orders: 'up' } }]);
    graph.customers.healthy = true;
    await until([200, { ready: true, subgraphs: { accounts: 'up', customers: 'up', orders: 'up' } }]);
    expect((await fetch(`${graph.gateway.url}/health/live`)).status).toBe(200);
  });
});

describe('over http', () => {
  let graph: FixtureGraph;
  beforeAll(async () => {
    graph = await fixtureGraph('http', { deadlineMs: 10_000 }, (name) =>
      name === 'orders' ? { maxAnswerBytes: 10_000, maxCalls: 20 } : {},
    );
  });
  afterAll(() => graph.close());

  const ordersAnswer = (answer: FixtureSubgraph['answer']) => (graph.orders.answer = answer);
  const partial = async () => {
    const answered = await graph.ask(query);
    expect(answered.body.data).toEqual(withoutOrders);
    expect(shown(answered)).toEqual(lost);
  };

  it('a subgraph that is killed costs its own fields, and is used again as soon as it is back', async () => {
    for (let round = 0; round < 3; round += 1) {
      await graph.servers['orders']?.kill();
      await partial();
      await partial();
      await graph.servers['orders']?.restart();
      expect((await graph.ask(query)).body).toEqual({ data: whole });
    }
  });

  it('a request that waits for a subgraph when that is killed is answered at once', async () => {
    const asked = new Promise<void>((resolve) => {
      ordersAnswer(() => {
        resolve();
        return never();
      });
    });
    const answered = partial();
    await asked;
    const start = performance.now();
    await graph.servers['orders']?.kill();
    await answered;
    expect(performance.now() - start).toBeLessThan(5_000);
    ordersAnswer(undefined);
    await graph.servers['orders']?.restart();
    expect((await graph.ask(query)).body).toEqual({ data: whole });
  });

  it('an answer that is too large is not read to its end', async () => {
    ordersAnswer(() =>
      Promise.resolve({
        data: { _entities: [{ __typename: 'Customer', orders: [], orderCount: 1 }] },
        extensions: { padding: 'x'.repeat(20_000) },
      }),
    );
    await partial();
    ordersAnswer(() => Promise.resolve('{"data":'));
    await partial();
    ordersAnswer(undefined);
    expect((await graph.ask(query)).body.errors).toBeUndefined();
  });

  it('calls to a subgraph that hangs do not pile up: past the bound they fail at once, and the bound is free again afterwards', async () => {
    graph.orders.seen.length = 0;
    const answerAll = Promise.withResolvers<unknown>();
    ordersAnswer(() => answerAll.promise);
    let failed = 0;
    const answered = Promise.all(
      Array.from({ length: 60 }, async () => {
        const { body } = await graph.ask(query);
        if (body.errors) failed += 1;
        if (failed === 40) answerAll.resolve({ data: { _entities: [{ __typename: 'Customer', orders: [], orderCount: 0 }] } });
        return body.errors?.length ?? 0;
      }),
    );
    expect((await answered).filter((errors) => errors === 0)).toHaveLength(20);
    expect(graph.orders.seen).toHaveLength(20);
    ordersAnswer(undefined);
    expect((await graph.ask(query)).body.errors).toBeUndefined();
  });

  it('each hop says who asks, for which request, until when', async () => {
    graph.orders.seen.length = 0;
    const before = Date.now();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await graph.ask(query, { headers: { 'x-request-id': 'request-4711', traceparent, 'user-agent': 'tests/1' } });
    const [seen] = graph.orders.seen;
    expect(seen).toMatchObject({
      requestId: 'request-4711',
      ip: '127.0.0.1',
      userAgent: 'tests/1',
      traceparent,
      identity: { kind: 'ANONYMOUS', storeId: null },
    });
    expect(seen?.deadline).toBeGreaterThanOrEqual(before + 10_000);
    expect(seen?.deadline).toBeLessThan(before + 15_000);
  });

  it('a subgraph refuses whoever is not the gateway', async () => {
    const url = `${graph.servers['orders']?.url ?? ''}/graphql`;
    const body = JSON.stringify({ query: '{ _service { sdl } }' });
    for (const authorization of ['', 'Bearer nonsense']) {
      const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', authorization }, body });
      expect(answer.status).toBe(401);
    }
  });
});
