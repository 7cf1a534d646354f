import { createClient as createStreamClient } from 'graphql-sse';
import { describe, expect, it } from 'vitest';
import type { GatewayOptions } from '../../src/index.ts';
import type { Mode } from '../fixture/graph.ts';
import { tokens } from '../fixture/credentials.ts';
import { follow, upTo } from './follower.ts';
import { liveGraph, type LiveGraph } from './live-graph.ts';
import { rawClient, type RawClient } from './raw.ts';

/** A busy machine takes its time. */
const patiently = { timeout: 20_000 };

const ticks = 'subscription { ticks { number } }';

async function running(closing: AsyncDisposableStack, mode: Mode = 'memory', options: Partial<GatewayOptions> = {}): Promise<LiveGraph> {
  return closing.adopt(await liveGraph(mode, options), (graph) => graph.close());
}
/** The codes that a client's sockets are closed with. */
function codesOf(graph: LiveGraph): { codes: number[]; client: ReturnType<LiveGraph['client']> } {
  const codes: number[] = [];
  const client = graph.client({ on: { closed: (event) => void codes.push((event as { code: number }).code) } });
  return { codes, client };
}

describe('a client that does not take what there is', () => {
  it('is closed with 1013 and goes on from its cursor, with no gap and nothing twice; another one notices nothing', async () => {
    await using closing = new AsyncDisposableStack();
    const graph = await running(closing, 'memory', { subscriptions: { bufferedBytes: 100_000, stalledMs: 100 } });
    const quick = follow(graph.client());
    const { codes, client } = codesOf(graph);
    const slow = follow(client);
    let socket: { pause(): void; resume(): void } | undefined;
    client.on('connected', (connected) => (socket = connected as typeof socket));
    graph.feed.add(1);
    await slow.until(1);
    socket?.pause();
    // More than the system buffers on a connection, one at a time so that the quick one keeps up.
    for (let n = 2; n <= 300; n += 1) {
      graph.feed.add(1, 'x'.repeat(64_000));
      await quick.until(n);
    }
    await expect.poll(() => graph.metric('subscriptions'), patiently).toBe(1);
    socket?.resume();
    await slow.until(300);
    expect(new Set(codes)).toEqual(new Set([1013]));
    expect(slow.numbers).toEqual(upTo(300));
    expect(quick.numbers).toEqual(upTo(300));
  });

  it.each<[what: string, ping: (client: RawClient) => void]>([
    ['pings', ({ say }) => say({ type: 'ping' })],
    ['pings of WebSocket', ({ socket }) => socket.ping()],
  ])('but goes on with %s, is closed with 1013, and none of them is answered', async (_what, ping) => {
    await using closing = new AsyncDisposableStack();
    const graph = await running(closing, 'memory', { subscriptions: { bufferedBytes: 100_000, stalledMs: 3_600_000 } });
    const client = await rawClient(graph.socketUrl);
    await client.init();
    client.subscribe('a', 'subscription { ticks { text } }');
    await graph.feed.followed(1);
    client.socket.pause();
    let pongs = 0;
    client.socket.on('pong', () => (pongs += 1));
    // Far more than the system buffers on a connection.
    const text = 'x'.repeat(32_000_000);
    graph.feed.add(1, text);
    await expect.poll(() => graph.metric('waiting_messages'), patiently).toBe(1);
    for (let count = 0; count < 100; count += 1) ping(client);
    await graph.feed.followed(0);
    client.socket.resume();
    expect(await client.closed).toBe(1013);
    expect(await client.hear()).toMatchObject({ id: 'a', type: 'next' });
    client.socket.emit('message', Buffer.from('{"type":"nothing more"}'));
    expect([await client.hear(), pongs]).toEqual([{ type: 'nothing more' }, 0]);
  });
});

describe('another supergraph', () => {
  it('ends what was subscribed to with 1012, and nothing else; clients go on from their cursors', async () => {
    await using closing = new AsyncDisposableStack();
    const graph = await running(closing);
    const idle = await rawClient(graph.socketUrl);
    await idle.init();
    const watched = [1, 2, 3, 4, 5].map(() => codesOf(graph));
    const followers = watched.map(({ client }) => follow(client));
    graph.feed.add(2);
    await Promise.all(followers.map((follower) => follower.until(2)));
    await graph.gateway.reload(graph.supergraphs.whole);
    let reloaded = false;
    const reloading = graph.gateway.reload(graph.supergraphs.other).then(() => {
      reloaded = true;
    });
    for (let n = 3; n <= 60 || !reloaded; n += 1) {
      graph.feed.add();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await reloading;
    graph.feed.add(10);
    const { last } = graph.feed;
    await expect.poll(() => watched.map(({ codes }) => codes), patiently).toEqual(watched.map(() => [1012]));
    await Promise.all(followers.map((follower) => follower.until(last)));
    for (const { numbers } of followers) expect(numbers).toEqual(upTo(last));
    idle.subscribe('a', '{ viewer { kind } }');
    expect((await idle.hear()).type).toBe('next');
    idle.subscribe('a', '{ order(id: "1") { number } }');
    // Completed first, then refused: the graph that is served has no orders.
    expect([(await idle.hear()).type, (await idle.hear()).type]).toEqual(['complete', 'error']);
  });
});

describe('a socket that is to end soon', () => {
  /** So long that only what the tests do ends a socket. */
  const later = { reloadOverMs: 3_600_000, finishWithinMs: 20_000 };
  const opened = async (graph: LiveGraph) => {
    const client = await rawClient(graph.socketUrl);
    await client.init();
    client.subscribe('live', ticks);
    return client;
  };

  it('begins nothing that is asked for: it ends after what is under way, and its client asks anew elsewhere', async () => {
    await using closing = new AsyncDisposableStack();
    const graph = await running(closing, 'memory', { subscriptions: later });
    const client = await opened(graph);
    await graph.feed.followed(1);
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<unknown>();
    graph.accounts.answer = () => {
      asked.resolve();
      return answer.promise;
    };
    client.subscribe('query', '{ store { name } }');
    await asked.promise;
    await graph.gateway.reload(graph.supergraphs.other);
    graph.feed.add();
    expect(await client.hear()).toMatchObject({ id: 'live', type: 'next' });
    client.subscribe('rename', 'mutation { storeRename(input: { name: "New" }) { name } }');
    await graph.feed.followed(0);
    answer.resolve({ data: { store: { name: 'late' } } });
    expect([await client.hear(), await client.hear()]).toEqual([
      { id: 'query', type: 'next', payload: { data: { store: { name: 'late' } } } },
      { id: 'query', type: 'complete' },
    ]);
    expect(await client.closed).toBe(1012);
    expect(graph.accounts.seen.length).toBe(1);
  });

  it('keeps its subscription of the former graph to itself: who asks the same now has one of its own, and each ends with its clients', async () => {
    await using closing = new AsyncDisposableStack();
    const graph = await running(closing, 'memory', { subscriptions: later });
    const former = [await opened(graph), await opened(graph)];
    await expect.poll(() => graph.metric('subscriptions'), patiently).toBe(2);
    expect(graph.feed.following()).toBe(1);
    await graph.gateway.reload(graph.supergraphs.other);
    const latter = await opened(graph);
    await graph.feed.followed(2);
    graph.feed.add();
    for (const client of [...former, latter]) expect((await client.hear()).payload).toEqual({ data: { ticks: { number: 1 } } });
    for (const [index, client] of former.entries()) {
      client.subscribe('more', '{ viewer { kind } }');
      expect(await client.closed).toBe(1012);
      expect(graph.feed.following()).toBe(2 - index);
    }
    expect(await graph.metric('upstreams')).toBe(1);
    graph.feed.add();
    expect((await latter.hear()).payload).toEqual({ data: { ticks: { number: 2 } } });
    latter.socket.close();
    await graph.feed.followed(0);
    expect([await graph.metric('upstreams'), await graph.metric('subscriptions')]).toEqual([0, 0]);
  });
});

describe('a gateway that closes', () => {
  it('ends its sockets with 1001 after the queries that are under way, and takes no more', async () => {
    // Longer than the query is held below, however busy the machine is.
    const graph = await liveGraph('memory', { subscriptions: { finishWithinMs: 20_000 } });
    const client = await rawClient(graph.socketUrl);
    await client.init();
    client.subscribe('live', ticks);
    await graph.feed.followed(1);
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<unknown>();
    graph.accounts.answer = () => {
      asked.resolve();
      return answer.promise;
    };
    client.subscribe('query', '{ store { name } }');
    await asked.promise;
    const closed = graph.close();
    await graph.feed.followed(0);
    await expect(rawClient(graph.socketUrl)).rejects.toThrow();
    answer.resolve({ data: { store: { name: 'late' } } });
    expect(await client.hear()).toEqual({ id: 'query', type: 'next', payload: { data: { store: { name: 'late' } } } });
    // A client that had not heard this would ask again.
    expect(await client.hear()).toEqual({ id: 'query', type: 'complete' });
    expect(await client.closed).toBe(1001);
    await closed;
  });
});

describe('a subgraph that dies', () => {
  it('is subscribed to again when it is back, and clients go on from their cursors', async () => {
    await using closing = new AsyncDisposableStack();
    const graph = await running(closing, 'http');
    const watched = [1, 2, 3].map(() => codesOf(graph));
    const followers = watched.map(({ client }) => follow(client));
    graph.feed.add(3);
    await Promise.all(followers.map((follower) => follower.until(3)));
    for (let round = 1; round <= 2; round += 1) {
      await graph.served?.kill();
      await expect.poll(() => watched.map(({ codes }) => codes.length), patiently).toEqual([round, round, round]);
      graph.feed.add(3);
      await graph.served?.restart();
      await Promise.all(followers.map((follower) => follower.until(3 + 3 * round)));
    }
    graph.served?.close(1012);
    await expect.poll(() => watched.map(({ codes }) => codes.length), patiently).toEqual([3, 3, 3]);
    graph.feed.add();
    await Promise.all(followers.map((follower) => follower.until(10)));
    for (const { codes } of watched) expect(codes).toEqual([1012, 1012, 1012]);
    for (const { numbers } of followers) expect(numbers).toEqual(upTo(10));
    await expect.poll(() => graph.feed.following(), patiently).toBe(3);
  });
});

it('a peer that does not answer is gone', async () => {
  await using closing = new AsyncDisposableStack();
  const graph = await running(closing, 'memory', { subscriptions: { heartbeatMs: 50 } });
  const lively = await rawClient(graph.socketUrl);
  await lively.init();
  const dead = await rawClient(graph.socketUrl, { autoPong: false });
  await dead.init();
  dead.subscribe('a', ticks);
  expect(await dead.closed).toBe(1006);
  await graph.feed.followed(0);
  lively.subscribe('a', '{ viewer { kind } }');
  expect((await lively.hear()).type).toBe('next');
});

describe('an event stream', () => {
  const url = (graph: LiveGraph) => `${graph.gateway.url}/graphql/stream`;
  const reader = (graph: LiveGraph, headers: Record<string, string> = {}) =>
    createStreamClient({ url: url(graph), headers, retryAttempts: Number.POSITIVE_INFINITY, retry: () => Promise.resolve() });

  it('carries subscriptions, queries and refusals, for whoever the headers say', async () => {
    await using closing = new AsyncDisposableStack();
    const graph = await running(closing);
    const client = reader(graph, { authorization: `Bearer ${tokens.staff}` });
    const live = client.iterate({ query: 'subscription { ticks { number kind customer { name } } }' });
    const first = live.next();
    await graph.feed.followed(1);
    graph.feed.add(2);
    const event = (number: number) => ({
      done: false,
      value: { data: { ticks: { number, kind: 'STAFF', customer: { name: `Name cus_${String(number)}` } } } },
    });
    expect([await first, await live.next()]).toEqual([event(1), event(2)]);
    await live.return?.();
    await graph.feed.followed(0);

    const answers = [];
    for await (const answer of client.iterate({ query: '{ viewer { kind } }' })) answers.push(answer);
    expect(answers).toEqual([{ data: { viewer: { kind: 'STAFF' } } }]);
    const refusals = [];
    for await (const answer of client.iterate({ query: '{ nonsense }' })) refusals.push(answer);
    expect(refusals).toMatchObject([{ errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] }]);
  });

  it('is given at /graphql too, to who asks for one there as GraphiQL does, and a plain answer to everybody else', async () => {
    await using closing = new AsyncDisposableStack();
    const graph = await running(closing);
    const leaving = new AbortController();
    const ask = (accept: string, query: string) =>
      fetch(`${graph.gateway.url}/graphql?query=${encodeURIComponent(query)}`, {
        headers: { accept, 'apollo-require-preflight': '1' },
        signal: leaving.signal,
      });
    const plain = await ask('text/event-stream, application/json', '{ __typename }');
    expect(await plain.json()).toMatchObject({ data: { __typename: 'Query' } });
    const answer = await ask('text/event-stream', 'subscription { ticks(after: "0") { number } }');
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    graph.feed.add();
    let text = '';
    for await (const chunk of answer.body ?? []) {
      text += Buffer.from(chunk).toString();
      if (text.includes('"number":1')) break;
    }
    expect(text).toContain('data: {"data":{"ticks":{"number":1}}}');
    leaving.abort();
    await graph.feed.followed(0);
  });

  it('that was cut is asked for again: after a reload, say', async () => {
    await using closing = new AsyncDisposableStack();
    const graph = await running(closing);
    const client = reader(graph);
    const variables = { after: '0' };
    const numbers: number[] = [];
    const stop = client.subscribe<{ ticks: { number: number; cursor: string } }>(
      { query: 'subscription ($after: EventCursor) { ticks(after: $after) { number cursor } }', variables },
      {
        next: ({ data }) => {
          numbers.push(data?.ticks.number ?? 0);
          variables.after = data?.ticks.cursor ?? '';
        },
        error: () => undefined,
        complete: () => undefined,
      },
    );
    graph.feed.add(2);
    await expect.poll(() => numbers, patiently).toEqual([1, 2]);
    await graph.gateway.reload(graph.supergraphs.other);
    await expect.poll(() => graph.feed.subscribed.length, patiently).toBe(2);
    graph.feed.add(2);
    await expect.poll(() => numbers, patiently).toEqual([1, 2, 3, 4]);
    stop();
    await graph.feed.followed(0);
  });

  it('is refused without the right headers, from elsewhere, and for a mutation that any page could send', async () => {
    await using closing = new AsyncDisposableStack();
    const graph = await running(closing);
    const ask = async (headers: Record<string, string>, query = '{ viewer { kind } }') => {
      const answer = await fetch(`${url(graph)}?query=${encodeURIComponent(query)}`, { headers });
      return [answer.status, /"code":"(\w+)"/.exec(await answer.text())?.[1] ?? null];
    };
    const accept = 'text/event-stream';
    expect(await ask({ accept })).toEqual([200, null]);
    expect(await ask({})).toEqual([400, 'BAD_REQUEST']);
    expect(await ask({ accept }, '')).toEqual([400, 'BAD_REQUEST']);
    expect(await ask({ accept, origin: 'https://evil.example' })).toEqual([403, 'FORBIDDEN']);
    expect(await ask({ accept, authorization: 'Bearer nonsense' })).toEqual([401, 'UNAUTHENTICATED']);
    expect(await ask({ accept }, 'mutation { storeRename(input: { name: "x" }) { name } }')).toEqual([200, 'BAD_REQUEST']);
  });

  it('ends with UNAUTHENTICATED when its credential is good no more', async () => {
    await using closing = new AsyncDisposableStack();
    const graph = await running(closing);
    const live = reader(graph, { authorization: `Bearer ${tokens.staff}` }).iterate({ query: ticks });
    const told = live.next();
    await graph.feed.followed(1);
    graph.accounts.exchangeAnswer = () => Promise.resolve(null);
    graph.changed({});
    expect(await told).toMatchObject({ value: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] } });
    expect(await live.next()).toMatchObject({ done: true });
    await graph.feed.followed(0);
    expect(await graph.metric('event_streams')).toBe(0);
  });
});
