import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSchema, GraphQLError } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer, type WebSocket } from 'ws';

/** What goes wrong with one subscription, and behind how many of its events. */
export interface Fault {
  readonly behind: number;
  /** A code closes the connection; CUT ends it without a word; the others end the subscription with that code. */
  readonly with: number | 'CUT' | 'FELL_BEHIND' | 'SUBGRAPH_UNAVAILABLE' | 'THROTTLED' | 'RATE_LIMITED' | 'RESYNC' | 'COMPLETE';
}

/** A server of one resumable feed, the numbers from 1 on, which misbehaves on request. */
export interface Numbers {
  readonly host: string;
  readonly port: number;
  readonly url: string;
  /** There are numbers up to this one now. */
  publish(last: number): void;
  /** Each subscription to come takes one. */
  misbehave(...faults: readonly Fault[]): void;
  /** What is done with the connections to come, each in its turn: they are let in, closed with a code, or cut before the server has answered. */
  receive(...how: readonly ('LET_IN' | 'CUT' | number)[]): void;
  /** Says which tokens are good. */
  accept(isGood: (token: string | undefined) => boolean): void;
  /** Every token that came, with a connection or with a ping. */
  readonly tokens: { readonly with: 'INIT' | 'PING'; readonly token: string | undefined }[];
  /** The cursor of each subscription that came. */
  readonly cursors: (string | null)[];
  readonly connections: number;
  /** Resolves when so many subscriptions have begun in all. */
  subscribed(count: number): Promise<void>;
  /** Resolves when so many subscriptions have ended in all. */
  ended(count: number): Promise<void>;
  /** Resolves when a token has come with a ping. */
  refreshed(): Promise<void>;
  /** Resolves when no connection is open. */
  closed(): Promise<void>;
  /** Closes every connection with the code. */
  close(code: number): void;
  /** Cuts every connection, and new ones at once, until it comes back. */
  away(isAway: boolean): void;
  stop(): Promise<void>;
}

export const NUMBERS = 'subscription Numbers($after: EventCursor) { numbers(after: $after) { cursor number } }';
export interface NumbersData {
  readonly numbers: { readonly cursor: string; readonly number: number };
}

const schema = buildSchema(`
  scalar EventCursor
  type Query { double(number: Int!): Int! }
  type Mutation { increment: Int! }
  type Subscription { numbers(after: EventCursor): Update! }
  type Update { cursor: EventCursor! number: Int! }
`);

const tokenIn = (payload: unknown) => {
  const authorization = (payload as { authorization?: string } | undefined)?.authorization;
  return authorization?.replace('Bearer ', '');
};

export async function startNumbers(): Promise<Numbers> {
  let [last, connections, endedCount, incremented] = [0, 0, 0, 0];
  let isAway = false;
  let isGood: (token: string | undefined) => boolean = () => true;
  const faults: Fault[] = [];
  const receptions: ('LET_IN' | 'CUT' | number)[] = [];
  const tokens: { with: 'INIT' | 'PING'; token: string | undefined }[] = [];
  const cursors: (string | null)[] = [];
  const sockets = new Set<WebSocket>();
  let changed = Promise.withResolvers<void>();
  const change = () => {
    changed.resolve();
    changed = Promise.withResolvers();
  };
  const cutAll = () => {
    for (const socket of sockets) socket.terminate();
  };
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await changed.promise;
  };

  async function* numbersBehind(after: string | null, socket: WebSocket, { signal }: { signal: AbortSignal }) {
    cursors.push(after);
    change();
    const fault = faults.shift();
    try {
      let next = after === null ? last + 1 : Number(after) + 1;
      for (let given = 0; ; given += 1) {
        if (given === fault?.behind) {
          if (fault.with === 'COMPLETE') return;
          if (fault.with === 'CUT') socket.terminate();
          else if (typeof fault.with === 'number') socket.close(fault.with);
          else throw new GraphQLError(`The feed ends with ${fault.with}.`, { extensions: { code: fault.with } });
        }
        while (next > last && !signal.aborted) await changed.promise;
        if (signal.aborted) return;
        yield { numbers: { cursor: String(next), number: next } };
        next += 1;
      }
    } finally {
      endedCount += 1;
      change();
    }
  }

  /** Ends at once with its subscription, though it waits for the next number. */
  function numbers(after: string | null, socket: WebSocket) {
    const stopper = new AbortController();
    const events = numbersBehind(after, socket, stopper);
    return {
      next: () => events.next(),
      return() {
        stopper.abort();
        change();
        return events.return();
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  const http = createServer();
  http.on('connection', (connection) => {
    if (isAway) connection.destroy();
  });
  const server = new WebSocketServer({ server: http, path: '/graphql' });
  server.on('connection', (socket: WebSocket) => {
    connections += 1;
    sockets.add(socket);
    socket.once('close', () => {
      sockets.delete(socket);
      change();
    });
    const how = receptions.shift() ?? 'LET_IN';
    if (how === 'CUT') socket.terminate();
    else if (how !== 'LET_IN') socket.close(how);
  });
  useServer(
    {
      schema,
      roots: {
        query: { double: ({ number }: { number: number }) => number * 2 },
        mutation: { increment: () => (incremented += 1) },
        subscription: {
          numbers: ({ after }: { after: string | null }, { socket }: { socket: WebSocket }) => numbers(after ?? null, socket),
        },
      },
      context: ({ extra }) => ({ socket: extra.socket }),
      onConnect: ({ connectionParams }) => {
        const token = tokenIn(connectionParams);
        tokens.push({ with: 'INIT', token });
        return isGood(token);
      },
      onPing: (_, payload) => {
        const token = tokenIn(payload);
        if (token === undefined) return;
        tokens.push({ with: 'PING', token });
        change();
      },
    },
    server,
    0,
  );
  // graphql-ws writes to the console of each connection that was cut.
  server.on('connection', (socket: WebSocket) => socket.removeAllListeners('error').on('error', () => undefined));
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;

  return {
    host: '127.0.0.1',
    port,
    url: `ws://127.0.0.1:${port}/graphql`,
    publish(to) {
      last = to;
      change();
    },
    misbehave: (...more) => void faults.push(...more),
    receive: (...how) => void receptions.push(...how),
    accept(good) {
      isGood = good;
    },
    tokens,
    cursors,
    get connections() {
      return connections;
    },
    subscribed: (count) => until(() => cursors.length >= count),
    ended: (count) => until(() => endedCount >= count),
    refreshed: () => until(() => tokens.some((came) => came.with === 'PING')),
    closed: () => until(() => sockets.size === 0),
    close(code) {
      for (const socket of sockets) socket.close(code);
    },
    away(is) {
      isAway = is;
      if (is) cutAll();
    },
    async stop() {
      cutAll();
      http.close();
      await once(http, 'close');
    },
  };
}
