import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { HopVerifier } from '@storegraph/auth';
import type { Logger } from '@storegraph/core';
import { GraphQLError, parse } from 'graphql';
import { handleProtocols, makeServer } from 'graphql-ws';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import { z } from 'zod';
import type { SubgraphRequest } from './request.ts';
import type { SubgraphRuntime } from './runtime.ts';

const authorization = z
  .string()
  .regex(/^Bearer \S+$/)
  .transform((text) => text.slice('Bearer '.length));

/** Says that the gateway asks. */
const connectionParams = z.object({ authorization });

/** Says who asks, of each subscription. */
const extensions = z.object({
  authorization,
  requestId: z
    .string()
    .regex(/^[\w-]{1,64}$/)
    .optional(),
  clientIp: z.string().max(64).optional(),
  clientAgent: z.string().max(2_000).optional(),
  traceparent: z.string().max(100).optional(),
});

/** A peer that does not answer a ping for so long is gone. */
const heartbeatMs = 12_000;
/** How long a gateway may take to answer that a connection is to end. */
const closeWithinMs = 1_000;
const maxMessageBytes = 5 * 1024 * 1024;

/** The subgraph's own server finds the operation and checks it. This one only says that it is a subscription. */
const anySubscription = parse('subscription { any }', { noLocation: true });

interface Options {
  readonly runtime: Pick<SubgraphRuntime, 'subscribe'>;
  readonly hopVerifier: HopVerifier;
  readonly log: Logger;
}

/**
 * Serves subscriptions over graphql-ws at /graphql to the gateway, on a server that listens already. A connection needs a hop token of the gateway
 * itself, and each subscription the hop token of whoever asks. Gives the function that ends every connection: the gateway then subscribes anew.
 */
export function serveSubscriptions(server: Server, { runtime, hopVerifier, log }: Options): () => void {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes, handleProtocols, allowSynchronousEvents: false });

  const protocol = makeServer<Record<string, unknown>>({
    onConnect: async ({ connectionParams: given }) => {
      const params = connectionParams.safeParse(given);
      const caller = params.success ? await hopVerifier(params.data.authorization).catch(() => null) : null;
      return caller?.kind === 'SYSTEM';
    },
    onSubscribe: async (_context, _id, { query, operationName, variables, extensions: given }) => {
      const told = extensions.safeParse(given);
      const identity = told.success ? await hopVerifier(told.data.authorization).catch(() => null) : null;
      if (!told.success || !identity) return [new GraphQLError('Only the gateway may ask.', { extensions: { code: 'UNAUTHENTICATED' } })];
      const { requestId = crypto.randomUUID(), clientIp, clientAgent, traceparent } = told.data;
      const request: SubgraphRequest = {
        query,
        operationName: operationName ?? null,
        variables: variables ?? null,
        identity,
        requestId,
        ip: clientIp ?? null,
        userAgent: clientAgent ?? null,
        traceparent: traceparent ?? null,
      };
      return { schema: undefined as never, document: anySubscription, contextValue: request };
    },
    // Its answers are as they go over the wire already.
    subscribe: ({ contextValue }) => runtime.subscribe(contextValue as SubgraphRequest) as AsyncGenerator<never, void>,
    onNext: (_context, _id, _payload, _args, answer) => answer,
  });

  sockets.on('connection', (socket: WebSocket) => {
    let alive = true;
    socket.on('pong', () => (alive = true));
    socket.on('error', (error) => log.warn({ error }, 'A connection of the gateway failed.'));
    const heartbeat = setInterval(() => {
      if (!alive) return socket.terminate();
      alive = false;
      return socket.ping();
    }, heartbeatMs);
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        // Resolved when it has left this process: a gateway that does not read holds its own subscriptions back.
        send: (text) =>
          new Promise((resolve) => {
            if (socket.readyState === socket.OPEN) socket.send(text, () => resolve());
            else resolve();
          }),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (handle) =>
          socket.on('message', (data: RawData) => {
            handle(textOf(data)).catch((error: unknown) => {
              log.warn({ error }, 'A message of the gateway could not be handled.');
              socket.close(4400, 'Invalid message received');
            });
          }),
      },
      {},
    );
    socket.once('close', (code, reason) => {
      clearInterval(heartbeat);
      void closed(code, reason.toString());
    });
  });

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    if (request.url !== '/graphql') return socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
    return sockets.handleUpgrade(request, socket, head, (client) => sockets.emit('connection', client, request));
  });

  return () => {
    for (const client of sockets.clients) client.close(1012, 'The subgraph is closing.');
    sockets.close();
    setTimeout(() => {
      for (const client of sockets.clients) client.terminate();
    }, closeWithinMs).unref();
  };
}

const textOf = (data: RawData): string => (Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer)).toString('utf8');
