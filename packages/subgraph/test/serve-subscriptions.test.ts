import { createHopSigner, createHopVerifier, generateHopKeys, system, type Identity } from '@storegraph/auth';
import { newId, silentLogger } from '@storegraph/core';
import { serveSubgraph, type SubgraphRequest, type SubgraphRuntime } from '@storegraph/subgraph';
import { identity } from '@storegraph/testing';
import { Registry } from 'prom-client';
import { afterAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';

/** A busy machine takes its time. */
const patiently = { timeout: 20_000 };

const keys = await generateHopKeys();
const signer = createHopSigner(keys);
const agent = identity.staff(newId('sto'), ['orders:read']);
const asked: SubgraphRequest[] = [];
let open = 0;

/** Gives two answers and then none, until it is returned. */
function subscribe(request: SubgraphRequest): ReturnType<SubgraphRuntime['subscribe']> {
  asked.push(request);
  open += 1;
  const over = Promise.withResolvers<IteratorResult<never, void>>();
  let given = 0;
  return {
    next: () => ((given += 1) <= 2 ? Promise.resolve({ done: false, value: { data: { tick: given } } }) : over.promise),
    return: () => {
      open -= 1;
      over.resolve({ done: true, value: undefined });
      return Promise.resolve({ done: true, value: undefined });
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
const runtime = {
  name: 'orders',
  subscribe,
  health: () => Promise.resolve(true),
  close: () => Promise.resolve(),
  metrics: new Registry(),
} as unknown as SubgraphRuntime;
const serve = () =>
  serveSubgraph(runtime, {
    port: 0,
    host: '127.0.0.1',
    hopVerifier: createHopVerifier({ ...keys, audience: 'orders' }),
    log: silentLogger,
  });
const server = await serve();
afterAll(() => server.close());

const bearer = async (who: Identity, audience = 'orders') => ({ authorization: `Bearer ${await signer.sign(who, audience)}` });

async function connect(url = server.url, protocol = 'graphql-transport-ws') {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, protocol);
  const heard: unknown[] = [];
  const waiting: ((message: unknown) => void)[] = [];
  socket.on('message', (data: Buffer) => {
    const message: unknown = JSON.parse(data.toString('utf8'));
    const next = waiting.shift();
    if (next) next(message);
    else heard.push(message);
  });
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  await new Promise((resolve) => socket.once('open', resolve));
  return {
    closed,
    socket,
    say: (message: object) => socket.send(JSON.stringify(message)),
    hear: () => (heard.length > 0 ? Promise.resolve(heard.shift()) : new Promise((resolve) => waiting.push(resolve))),
  };
}
async function admitted(url?: string) {
  const client = await connect(url);
  client.say({ type: 'connection_init', payload: await bearer(system(null)) });
  expect(await client.hear()).toEqual({ type: 'connection_ack' });
  return client;
}
const query = 'subscription ($n: Int) { tick(n: $n) }';

describe('a connection', () => {
  it('is for the gateway itself alone', async () => {
    const stranger = createHopSigner(await generateHopKeys());
    for (const payload of [
      undefined,
      {},
      { authorization: 'Bearer nonsense' },
      { authorization: `Bearer ${await stranger.sign(system(null), 'orders')}` },
      await bearer(system(null), 'customers'),
      await bearer(agent),
      await bearer(identity.anonymous()),
    ]) {
      const client = await connect();
      client.say({ type: 'connection_init', payload });
      expect(await client.closed, JSON.stringify(payload)).toBe(4403);
    }
    expect(asked).toEqual([]);
  });

  it('is at /graphql alone', async () => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/public/x`, 'graphql-transport-ws');
    const error = await new Promise<Error>((resolve) => socket.once('error', resolve));
    expect(error.message).toBe('Unexpected server response: 404');
  });
});

describe('a subscription', () => {
  it('runs as whoever its own token says, with what is told of the request, and ends when it is completed', async () => {
    const client = await admitted();
    const extensions = { ...(await bearer(agent)), requestId: 'req-7', clientIp: '10.0.0.1', clientAgent: 'tests/1', traceparent: 'trace' };
    client.say({ id: 'a', type: 'subscribe', payload: { query, variables: { n: 1 }, extensions } });
    expect(await client.hear()).toEqual({ id: 'a', type: 'next', payload: { data: { tick: 1 } } });
    expect(await client.hear()).toEqual({ id: 'a', type: 'next', payload: { data: { tick: 2 } } });
    expect(asked.splice(0)).toEqual([
      {
        query,
        operationName: null,
        variables: { n: 1 },
        identity: agent,
        requestId: 'req-7',
        ip: '10.0.0.1',
        userAgent: 'tests/1',
        traceparent: 'trace',
      },
    ]);
    expect(open).toBe(1);
    client.say({ id: 'a', type: 'complete' });
    await expect.poll(() => open, patiently).toBe(0);
    client.socket.close();
  });

  it('without a token of the gateway’s is refused, and the others of the connection go on', async () => {
    const client = await admitted();
    for (const extensions of [undefined, {}, { authorization: 'Bearer nonsense' }, await bearer(agent, 'customers')]) {
      client.say({ id: 'b', type: 'subscribe', payload: { query, extensions } });
      expect(await client.hear()).toMatchObject({ id: 'b', type: 'error', payload: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    }
    expect(asked).toEqual([]);
    client.say({ id: 'c', type: 'subscribe', payload: { query, extensions: await bearer(agent) } });
    expect(await client.hear()).toMatchObject({ id: 'c', type: 'next' });
    client.socket.terminate();
    await expect.poll(() => open, patiently).toBe(0);
  });

  it('ends with its server, which says that it comes back', async () => {
    const closing = await serve();
    const client = await admitted(closing.url);
    client.say({ id: 'a', type: 'subscribe', payload: { query, extensions: await bearer(agent) } });
    await client.hear();
    const ended = closing.close();
    expect(await client.closed).toBe(1012);
    await ended;
    await expect.poll(() => open, patiently).toBe(0);
  });
});
