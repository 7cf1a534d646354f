import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { createHopVerifier, type Identity } from '@storegraph/auth';
import { GraphQLError, parse } from 'graphql';
import { makeServer, handleProtocols } from 'graphql-ws';
import { WebSocketServer } from 'ws';
import type { Feed } from './feed.ts';

export interface ServedFeed {
  readonly url: string;
  /** How many connections were made, and are open. */
  readonly connections: { made: number; open: number };
  /** Cuts every connection and stops listening, as a process that is killed does. */
  kill(): Promise<void>;
  /** Comes back on the same port. */
  restart(): Promise<void>;
  /** Ends every connection in order, as a process that closes does. */
  close(code: number): void;
}

const anySubscription = parse('subscription { any }');
const bearer = (value: unknown) => (typeof value === 'string' ? value.replace('Bearer ', '') : '');

/** A feed in the form in which it runs in a process of its own. */
export async function serveFeed(feed: Feed, publicKey: string): Promise<ServedFeed> {
  const verify = createHopVerifier({ publicKey, audience: feed.name });
  const connections = { made: 0, open: 0 };
  let sockets: WebSocketServer;
  const raw = new Set<Socket>();

  const protocol = makeServer<Record<string, unknown>>({
    onConnect: async ({ connectionParams }) => {
      const identity = await verify(bearer(connectionParams?.['authorization'])).catch(() => null);
      return identity?.kind === 'SYSTEM';
    },
    onSubscribe: async (_context, _id, { query, operationName, variables, extensions }) => {
      const identity: Identity | null = await verify(bearer(extensions?.['authorization'])).catch(() => null);
      if (!identity || operationName === 'Refused') return [new GraphQLError('refused')];
      const { requestId, clientIp } = extensions as { requestId: string; clientIp?: string };
      const contextValue = { query, operationName, variables, identity, requestId, ip: clientIp ?? null };
      return { schema: undefined as never, document: anySubscription, contextValue };
    },
    subscribe: ({ contextValue }) => feed.subscribe?.(contextValue as never) as never,
    onNext: (_context, _id, _payload, _args, answer) => JSON.parse(JSON.stringify(answer)) as never,
  });

  async function listen(port: number): Promise<Server> {
    const server = createServer((_request, response) => response.end('{"data":{"topics":["any"]}}'));
    sockets = new WebSocketServer({ server, path: '/graphql', handleProtocols });
    server.on('connection', (socket) => {
      raw.add(socket);
      socket.once('close', () => raw.delete(socket));
    });
    sockets.on('connection', (socket) => {
      connections.made += 1;
      connections.open += 1;
      const closed = protocol.opened(
        {
          protocol: socket.protocol,
          send: (text) => socket.send(text),
          close: (code, reason) => socket.close(code, reason),
          onMessage: (handle) => socket.on('message', (data: Buffer) => void handle(data.toString('utf8'))),
        },
        {},
      );
      socket.on('error', () => undefined);
      socket.once('close', () => {
        connections.open -= 1;
        void closed();
      });
    });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return server;
  }

  let server = await listen(0);
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    connections,
    kill: async () => {
      const ended = new Promise((resolve) => server.close(resolve));
      for (const socket of raw) socket.destroy();
      await ended;
    },
    restart: async () => {
      server = await listen(port);
    },
    close: (code) => {
      for (const socket of sockets.clients) socket.close(code, 'closing');
    },
  };
}
