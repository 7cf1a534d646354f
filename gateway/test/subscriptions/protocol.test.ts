import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ids, tokens } from '../fixture/credentials.ts';
import { liveGraph, type LiveGraph } from './live-graph.ts';
import { rawClient, type RawClient } from './raw.ts';

const ticks = 'subscription { ticks { number } }';
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

let graph: LiveGraph;
beforeAll(async () => {
  graph = await liveGraph('memory', {
    corsOrigins: ['https://shop.example'],
    subscriptions: { operationsPerSocket: 3, messageBytes: 2_000 },
  });
});
afterAll(() => graph.close());

const opened = async (payload?: object) => {
  const client = await rawClient(graph.socketUrl);
  expect(await client.init(payload)).toEqual({ type: 'connection_ack' });
  return client;
};
const next = (id: string, data: object) => ({ id, type: 'next', payload: { data } });

describe('a subscription', () => {
  it('gives each event in order, with the fields that other subgraphs add, and nothing after it is completed', async () => {
    const client = await opened();
    client.subscribe('a', 'subscription ($topic: String) { ticks(topic: $topic) { number customer { name } } }', { topic: 'any' });
    await graph.feed.followed(1);
    const from = graph.feed.last;
    graph.feed.add(3);
    for (const number of [from + 1, from + 2, from + 3])
      expect(await client.hear()).toEqual(next('a', { ticks: { number, customer: { name: `Name cus_${String(number)}` } } }));
    client.say({ id: 'a', type: 'complete' });
    await graph.feed.followed(0);
    graph.feed.add();
    client.say({ type: 'ping' });
    expect(await client.hear()).toEqual({ type: 'pong' });
    client.socket.close();
  });

  it('may take the id of one that was completed just before', async () => {
    const client = await opened();
    client.subscribe('a', ticks);
    await graph.feed.followed(1);
    client.say({ id: 'a', type: 'complete' });
    client.subscribe('a', 'subscription { again: ticks { number } }');
    client.say({ type: 'ping' });
    expect(await client.hear()).toEqual({ type: 'pong' });
    await graph.feed.followed(1);
    graph.feed.add();
    expect(await client.hear()).toEqual(next('a', { again: { number: graph.feed.last } }));
    client.socket.close();
    await graph.feed.followed(0);
  });

  it('ends as its subgraph says: completed, or with a code that clients may know', async () => {
    const client = await opened();
    const ends = 'subscription ($how: String!) { ends(how: $how) { text } }';
    client.subscribe('a', ends, { how: 'well' });
    expect([await client.hear(), await client.hear()]).toEqual([next('a', { ends: { text: 'well' } }), { id: 'a', type: 'complete' }]);
    for (const [how, code] of [
      ['RESYNC', 'RESYNC'],
      ['FELL_BEHIND', 'FELL_BEHIND'],
      ['SECRET', 'INTERNAL'],
    ]) {
      client.subscribe('b', ends, { how });
      await client.hear();
      expect(await client.hear()).toEqual({
        id: 'b',
        type: 'error',
        payload: [expect.objectContaining({ extensions: { code, requestId: expect.any(String), serviceName: 'feed' } })],
      });
    }
    client.socket.close();
  });
});

describe('a socket is closed with', () => {
  const after = async (say: (client: RawClient) => unknown) => {
    const client = await rawClient(graph.socketUrl);
    await say(client);
    return client.closed;
  };
  it.each<[code: number, what: string, say: (client: RawClient) => unknown]>([
    [4400, 'what is no JSON', ({ say }) => say('nonsense')],
    [4400, 'a message of no type', ({ say }) => say({ payload: {} })],
    [4400, 'a message that only a server sends', async ({ say, init }) => (await init(), say({ type: 'next', id: 'a', payload: {} }))],
    [4400, 'a subscription without a query', async ({ say, init }) => (await init(), say({ type: 'subscribe', id: 'a', payload: {} }))],
    [4400, 'a store that is none', ({ say }) => say({ type: 'connection_init', payload: { 'x-storegraph-store': 'nowhere' } })],
    [4401, 'a subscription before it is let in', ({ subscribe }) => subscribe('a', ticks)],
    [4403, 'a bad token', ({ say }) => say({ type: 'connection_init', payload: bearer('nonsense') })],
    [4403, 'what is no credential', ({ say }) => say({ type: 'connection_init', payload: { authorization: 'Basic x' } })],
    [
      4409,
      'the id of a subscription that is open',
      async ({ init, subscribe }) => (await init(), subscribe('a', ticks), subscribe('a', ticks)),
    ],
    [
      4409,
      'an id that is open, though it is longer than a close frame',
      async ({ init, subscribe }) => (await init(), subscribe('ä'.repeat(200), ticks), subscribe('ä'.repeat(200), ticks)),
    ],
    [
      4400,
      'an id that is longer than any client makes them',
      async ({ init, subscribe }) => (await init(), subscribe('x'.repeat(257), ticks)),
    ],
    [4429, 'a second connection_init', async ({ say, init }) => (await init(), say({ type: 'connection_init' }))],
    [
      1009,
      'a message that is too large',
      async ({ init, subscribe }) => (await init(), subscribe('a', ticks, { topic: 'x'.repeat(3_000) })),
    ],
  ])('%i for %s', async (code, _what, say) => {
    expect(await after(say)).toBe(code);
  });

  it('4406 for no protocol that it speaks', async () => {
    expect(await (await rawClient(graph.socketUrl, {}, [])).closed).toBe(4406);
    expect(await rawClient(graph.socketUrl, {}, ['graphql-ws']).catch((error: Error) => error.message)).toBe('Server sent no subprotocol');
  });

  it('4408 when connection_init does not come in time', async () => {
    await using closing = new AsyncDisposableStack();
    const hurried = closing.adopt(await liveGraph('memory', { subscriptions: { initWithinMs: 50 } }), (running) => running.close());
    expect(await (await rawClient(hurried.socketUrl)).closed).toBe(4408);
  });
});

describe('a client that sends more than it may', () => {
  let small: LiveGraph;
  beforeAll(async () => {
    small = await liveGraph('memory', { subscriptions: { messagesAtOnce: 20, messagesPerSecond: 0.001 } });
  });
  afterAll(() => small.close());

  it.each<[what: string, send: (client: RawClient, number: number) => unknown]>([
    ['pings', ({ say }) => say({ type: 'ping' })],
    ['pongs', ({ say }) => say({ type: 'pong' })],
    ['pings of WebSocket', ({ socket }) => socket.ping()],
    ['pongs of WebSocket', ({ socket }) => socket.pong()],
    ['operations', ({ subscribe }, number) => subscribe(`q${number}`, '{ nonsense }')],
    ['completions of nothing', ({ say }) => say({ type: 'complete', id: 'any' })],
  ])('with %s is closed with 1013, on which it comes back, and nobody else notices', async (_what, send) => {
    const [fast, other] = [await rawClient(small.socketUrl), await rawClient(small.socketUrl)];
    await fast.init();
    await other.init();
    other.subscribe('a', ticks);
    await small.feed.followed(1);
    // With connection_init before them, and the ping behind them, as many as there may be at once.
    for (let number = 0; number < 18; number += 1) send(fast, number);
    fast.say({ type: 'ping' });
    fast.subscribe('last', ticks);
    expect(await fast.closed).toBe(1013);
    small.feed.add();
    expect(await other.hear()).toEqual(next('a', { ticks: { number: small.feed.last } }));
    expect(small.feed.following()).toBe(1);
    other.socket.close();
    await small.feed.followed(0);
  });

  it('is cut off when it does not go, and goes on sending', async () => {
    const client = await rawClient(small.socketUrl);
    await client.init();
    // Reads nothing more, and so does not answer that it is to go.
    client.socket.pause();
    for (let number = 0; number < 20; number += 1) client.say({ type: 'ping' });
    const open = () => {
      client.subscribe('a', ticks);
      return small.metric('sockets');
    };
    // The library itself would wait for 30 s.
    await expect.poll(open, { timeout: 15_000 }).toBe(0);
    expect(small.feed.following()).toBe(0);
  });

  it('is listened to up to then', async () => {
    const client = await rawClient(small.socketUrl);
    await client.init();
    for (let number = 0; number < 19; number += 1) {
      client.say({ type: 'ping' });
      expect(await client.hear()).toEqual({ type: 'pong' });
    }
    client.say({ type: 'ping' });
    expect(await client.closed).toBe(1013);
  });
});

describe('a subscription is refused, before anything is subscribed to, and its socket goes on', () => {
  it.each([
    ['with @defer', 'subscription { ticks { number ... @defer { text } } }'],
    ['with @stream', 'subscription { ticks { number @stream } }'],
    ['with a directive that nobody knows', 'subscription { ticks @live { number } }'],
    ['of two fields', 'subscription { ticks { number } ends(how: "well") { text } }'],
    ['of two fields in a fragment', 'subscription { ...F } fragment F on Subscription { ticks { number } again: ticks { text } }'],
    ['of what is no event', 'subscription { __typename }'],
    ['of a field that is not there', 'subscription { tocks { number } }'],
  ])('%s', async (_what, query) => {
    const client = await opened();
    const before = graph.feed.subscribed.length;
    client.subscribe('a', query);
    expect(await client.hear()).toMatchObject({
      id: 'a',
      type: 'error',
      payload: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
    });
    client.subscribe('a', '{ viewer { kind } }');
    expect(await client.hear()).toEqual(next('a', { viewer: { kind: 'ANONYMOUS' } }));
    expect(graph.feed.subscribed.length).toBe(before);
    client.socket.close();
  });

  it.each([
    ['', 'ticks @include(if: $no) { number }'],
    [', though it would not be', '... @skip(if: $no) { ticks { number } }'],
    [', with a fragment', '...F @include(if: $no) } fragment F on Subscription { ticks { number }'],
    [', in a fragment', '...F } fragment F on Subscription { ticks @include(if: $no) { number }'],
  ])('of a field that may be skipped%s', async (_where, selection) => {
    const client = await opened();
    const query = `subscription ($no: Boolean!) { ${selection} }`;
    client.subscribe('a', query, { no: false });
    expect(await client.hear()).toMatchObject({ id: 'a', type: 'error', payload: [{ extensions: { code: 'BAD_REQUEST' } }] });
    client.socket.close();
    const { status, body } = await graph.ask(query);
    expect([status, body.errors?.[0]?.extensions['code']]).toEqual([400, 'BAD_REQUEST']);
  });
});

it('a ping is answered without its payload, and a pong is taken', async () => {
  const client = await opened();
  client.say({ type: 'pong', payload: { any: 1 } });
  for (const payload of [{}, { payload: { some: 'words' } }, { payload: null }]) {
    client.say({ type: 'ping', ...payload });
    expect(await client.hear()).toEqual({ type: 'pong' });
  }
  client.socket.close();
});

describe('over a socket', () => {
  const once1 = async (query: string, variables?: object, payload?: object) => {
    const client = await opened(payload);
    client.subscribe('q', query, variables);
    const first = await client.hear();
    const second = first.type === 'next' ? await client.hear() : undefined;
    client.socket.close();
    return { first, second };
  };

  it('queries and mutations are answered once, and completed', async () => {
    expect(await once1('{ viewer { kind ip } }')).toEqual({
      first: next('q', { viewer: { kind: 'ANONYMOUS', ip: '127.0.0.1' } }),
      second: { id: 'q', type: 'complete' },
    });
    expect(
      (await once1('mutation ($input: StoreRenameInput!) { storeRename(input: $input) { name } }', { input: { name: 'New' } })).first,
    ).toEqual(next('q', { storeRename: { name: 'New' } }));
  });

  it('an operation is refused as it is over HTTP', async () => {
    const refused: [query: string, variables?: object][] = [
      ['{'],
      ['{ nonsense }'],
      ['{ viewer { kinds } }'],
      ['query ($id: ID!) { customer(id: $id) { name } }'],
      ['query ($id: ID!) { customer(id: $id) { name } }', { id: {} }],
      ['query A { viewer { kind } } query B { viewer { kind } }'],
      [`{ ${'a: viewer { kind } '.repeat(100)} }`],
      [`query ($id: ID!) { customer(id: $id) { name } }`, { id: Array.from({ length: 40 }).reduce((inner) => [inner], 'deep') as object }],
    ];
    for (const [query, variables] of refused) {
      const { first } = await once1(query, variables);
      const { body } = await graph.ask(query, { variables });
      const bare = (errors: unknown) =>
        (errors as { message: string; extensions: object }[]).map(({ message, extensions }) => ({
          message,
          extensions: { ...extensions, requestId: '' },
        }));
      const over = first.type === 'next' ? (first.payload as { errors: unknown }).errors : first.payload;
      expect(bare(over), query).toEqual(bare(body.errors));
    }
  });

  it('bad variables of a subscription are refused before anything is subscribed to', async () => {
    const before = graph.feed.subscribed.length;
    const { first } = await once1('subscription ($how: String!) { ends(how: $how) { text } }', { how: 1 });
    expect(first).toMatchObject({ type: 'error', payload: [{ extensions: { code: 'BAD_REQUEST' } }] });
    expect(graph.feed.subscribed.length).toBe(before);
  });

  it('introspection needs the permission, where it is not open to everybody', async () => {
    await using closing = new AsyncDisposableStack();
    const shut = closing.adopt(await liveGraph('memory', { introspection: false }), (running) => running.close());
    const codeFor = async (payload?: object) => {
      const client = await rawClient(shut.socketUrl);
      await client.init(payload);
      client.subscribe('q', '{ __schema { queryType { name } } }');
      const { type, payload: answer } = await client.hear();
      return type === 'next' ? 'answered' : (answer as { extensions: { code: string } }[])[0]?.extensions.code;
    };
    expect([await codeFor(), await codeFor(bearer(tokens.staff)), await codeFor(bearer(tokens.reader))]).toEqual([
      'UNAUTHENTICATED',
      'FORBIDDEN',
      'answered',
    ]);
  });

  it('only so many operations are under way; the others go on', async () => {
    const client = await opened();
    for (const id of ['a', 'b', 'c']) client.subscribe(id, ticks);
    client.subscribe('d', '{ viewer { kind } }');
    expect(await client.hear()).toMatchObject({ id: 'd', type: 'error', payload: [{ extensions: { code: 'RATE_LIMITED' } }] });
    client.say({ id: 'a', type: 'complete' });
    client.subscribe('d', '{ viewer { kind } }');
    expect(await client.hear()).toMatchObject({ id: 'd', type: 'next' });
    client.socket.close();
    await graph.feed.followed(0);
  });
});

describe('who asks is known', () => {
  const viewer = async (headers: Record<string, string>, payload?: object) => {
    const client = await rawClient(graph.socketUrl, { headers });
    await client.init(payload);
    client.subscribe('q', '{ viewer { kind subject } }');
    return ((await client.hear()).payload as { data: { viewer: unknown } }).data.viewer;
  };
  it('by the headers of the upgrade, or by connection_init, which wins', async () => {
    const staff = { kind: 'STAFF', subject: ids.user };
    const customer = { kind: 'CUSTOMER', subject: ids.customer };
    expect(await viewer(bearer(tokens.staff))).toEqual(staff);
    expect(await viewer({}, bearer(tokens.staff))).toEqual(staff);
    expect(await viewer({}, { Authorization: `Bearer ${tokens.staff}` })).toEqual(staff);
    expect(await viewer(bearer(tokens.staff), bearer(tokens.customer))).toEqual(customer);
    expect(await viewer({}, { 'x-storegraph-store': 'demo' })).toEqual({ kind: 'ANONYMOUS', subject: null });
    expect(await viewer({}, bearer(tokens.key))).toEqual({ kind: 'API_KEY', subject: ids.key });
  });
});

describe('a socket may be opened', () => {
  const from = (origin: string | undefined) =>
    rawClient(graph.socketUrl, { ...(origin && { origin }) }).then(
      ({ socket }) => (socket.close(), 'opened'),
      (error: Error) => error.message,
    );
  it('from the origins that the operator named, from a page of the gateway’s own, and by what is no browser', async () => {
    expect(await from(undefined)).toBe('opened');
    expect(await from('https://shop.example')).toBe('opened');
    expect(await from(`http://127.0.0.1:${graph.gateway.port}`)).toBe('opened');
    for (const origin of ['https://evil.example', 'https://shop.example.evil.example', 'http://shop.example', 'null', 'nonsense'])
      expect(await from(origin), origin).toBe('Unexpected server response: 403');
  });
  it('at /graphql alone', async () => {
    expect(await rawClient(graph.socketUrl.replace('/graphql', '/else')).catch((error: Error) => error.message)).toBe(
      'Unexpected server response: 404',
    );
  });
  it('or is hung up on, though the other side keeps its half of the connection open', async () => {
    const socket = connect({ port: graph.gateway.port, host: '127.0.0.1', allowHalfOpen: true });
    const head = ['GET /graphql HTTP/1.1', 'Host: x', 'Origin: https://evil.example', 'Connection: Upgrade', 'Upgrade: websocket'];
    socket.write([...head, '', ''].join('\r\n'));
    const [data] = (await once(socket, 'data')) as [Buffer];
    expect(data.toString()).toMatch(/^HTTP\/1.1 403/);
    await once(socket.resume(), 'end');
    const refused = once(socket, 'error');
    const speaking = setInterval(() => socket.write('still here'), 5);
    try {
      expect(await refused).toMatchObject([{ code: expect.stringMatching(/ECONNRESET|EPIPE/) as string }]);
    } finally {
      clearInterval(speaking);
      socket.destroy();
    }
  });
  it('by a WebSocket; who offers another protocol with a request is answered as if they had not', async () => {
    const socket = connect(graph.gateway.port, '127.0.0.1');
    const body = '{"query":"{ viewer { kind } }"}';
    const head = ['POST /graphql HTTP/1.1', 'Host: x', 'Connection: Upgrade', 'Upgrade: h2c', 'Content-Type: application/json'];
    socket.write([...head, `Content-Length: ${body.length}`, '', body].join('\r\n'));
    const [data] = (await once(socket, 'data')) as [Buffer];
    expect(data.toString()).toMatch(/^HTTP\/1.1 200 OK[^]*"kind":"ANONYMOUS"/);
    socket.destroy();
  });
});

describe('no more connections than may be', () => {
  it('are taken from an address', async () => {
    await using closing = new AsyncDisposableStack();
    const small = closing.adopt(await liveGraph('memory', { subscriptions: { connectionsPerAddress: 1 } }), (running) => running.close());
    const first = await rawClient(small.socketUrl);
    expect(await rawClient(small.socketUrl).catch((error: Error) => error.message)).toBe('Unexpected server response: 429');
    first.socket.close();
    await first.closed;
    const again = () =>
      rawClient(small.socketUrl).then(
        ({ socket }) => socket.readyState,
        () => 'refused',
      );
    await expect.poll(again, { timeout: 20_000 }).toBe(1);
  });
  it('are kept for a store', async () => {
    await using closing = new AsyncDisposableStack();
    const small = closing.adopt(await liveGraph('memory', { subscriptions: { connectionsPerStore: 1 } }), (running) => running.close());
    const first = await rawClient(small.socketUrl);
    await first.init(bearer(tokens.staff));
    const second = await rawClient(small.socketUrl);
    second.say({ type: 'connection_init', payload: bearer(tokens.customer) });
    expect(await second.closed).toBe(1013);
    expect(await (await rawClient(small.socketUrl)).init({ 'x-storegraph-store': 'other' })).toEqual({ type: 'connection_ack' });
  });
});

it('what goes on is counted', async () => {
  const client = await opened();
  client.subscribe('a', ticks);
  await graph.feed.followed(1);
  const sent = await graph.metric('events_total');
  graph.feed.add(2);
  await client.hear();
  await client.hear();
  expect(await graph.metric('subscriptions')).toBe(1);
  expect(await graph.metric('upstreams')).toBe(1);
  expect(await graph.metric('events_total')).toBe(sent + 2);
  expect(await graph.metric('connections_closed_total{code="4401"}')).toBe(1);
  client.socket.close();
  await graph.feed.followed(0);
});
