import { createHopSigner, generateHopKeys } from '@storegraph/auth';
import { movableClock, silentLogger } from '@storegraph/core';
import { createClient, type Client, type ClientOptions } from 'graphql-ws';
import { WebSocket } from 'ws';
import { httpTransport, inMemoryTransport, startGateway, type Gateway, type GatewayOptions } from '../../src/index.ts';
import { compose, type Answered, type Mode } from '../fixture/graph.ts';
import { fixtureSubgraphs, type Fixture } from '../fixture/subgraphs.ts';
import { createFeed, type Feed } from './feed.ts';
import { serveFeed, type ServedFeed } from './serve-feed.ts';

export interface LiveGraph extends Fixture {
  readonly gateway: Gateway;
  readonly feed: Feed;
  readonly served: ServedFeed | undefined;
  readonly clock: ReturnType<typeof movableClock>;
  readonly socketUrl: string;
  readonly supergraphs: { readonly whole: string; readonly other: string };
  /** A client of graphql-ws that comes back at once whenever it may. */
  client(options?: Partial<ClientOptions>): Client;
  /** POSTs an operation as JSON. */
  ask(query: string, options?: { variables?: object | undefined }): Promise<Answered>;
  changed(change: object): void;
  metric(name: string): Promise<number>;
  close(): Promise<void>;
}

/** The fixture's subgraphs and a live one behind a gateway; over HTTP only the live one stands behind a server of its own. */
export async function liveGraph(mode: Mode = 'memory', options: Partial<GatewayOptions> = {}): Promise<LiveGraph> {
  const fixture = fixtureSubgraphs();
  const feed = createFeed();
  const all = [fixture.accounts, fixture.customers, fixture.orders];
  const { privateKey, publicKey } = await generateHopKeys();
  const served = mode === 'http' ? await serveFeed(feed, publicKey) : undefined;
  const clock = movableClock(new Date());
  const whole = compose([...all, feed as never]);
  let listener: (change: unknown) => void = () => undefined;
  const gateway = await startGateway({
    supergraphSdl: whole,
    transports: {
      ...Object.fromEntries(all.map((subgraph) => [subgraph.name, inMemoryTransport(subgraph)])),
      feed: served ? httpTransport({ name: 'feed', url: served.url, signer: createHopSigner({ privateKey }) }) : inMemoryTransport(feed),
    },
    exchangers: ['accounts', 'customers'],
    host: '127.0.0.1',
    port: 0,
    introspection: true,
    deadlineMs: 10_000,
    clock,
    log: silentLogger,
    onCredentialChange: (handler) => {
      listener = handler;
      return () => undefined;
    },
    ...options,
    limits: { planningMs: Number.POSITIVE_INFINITY, ...options.limits },
    subscriptions: { expiryEveryMs: 10, reloadOverMs: 20, lossOverMs: 20, closeOverMs: 20, ...options.subscriptions },
  });
  const socketUrl = `ws://127.0.0.1:${gateway.port}/graphql`;
  const clients: Client[] = [];
  return {
    ...fixture,
    gateway,
    feed,
    served,
    clock,
    socketUrl,
    supergraphs: { whole, other: compose([fixture.accounts, fixture.customers, feed as never]) },
    client: (given) => {
      const client = createClient({
        url: socketUrl,
        webSocketImpl: WebSocket,
        retryAttempts: Number.POSITIVE_INFINITY,
        shouldRetry: () => true,
        retryWait: () => new Promise((resolve) => setTimeout(resolve, 10 + Math.random() * 20)),
        ...given,
      });
      clients.push(client);
      return client;
    },
    ask: async (query, { variables } = {}) => {
      const answer = await fetch(`${gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      });
      return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Answered['body'] };
    },
    changed: (change) => listener(change),
    metric: async (name) => {
      const text = await (await fetch(`${gateway.url}/metrics`)).text();
      const line = text.split('\n').find((each) => each.startsWith(`storegraph_gateway_${name}`) && !each.startsWith('#'));
      return Number(line?.split(' ').at(-1));
    },
    close: async () => {
      await Promise.all(clients.map(async (client) => client.dispose()));
      for (const client of clients) client.terminate();
      await gateway.close();
      await served?.kill();
    },
  };
}
