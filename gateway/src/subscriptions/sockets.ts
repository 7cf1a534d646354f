import { networkOf } from '@storegraph/auth';
import { ServerResponse, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { handleProtocols } from 'graphql-ws';
import { WebSocketServer } from 'ws';
import { refused } from '../errors.ts';
import { mayOpen } from '../http/origins.ts';
import { createClient, type SocketParts } from './client.ts';
import { credentialsOf } from './credentials.ts';
import type { Crowd } from './crowd.ts';
import { createProtocol, drive } from './protocol.ts';

interface Upgrade {
  readonly socket: Duplex;
  readonly head: Buffer;
}

export interface Sockets {
  /** Makes a WebSocket of a request, where it asks for that and may; throws what it is refused with. False where it asks for nothing of the kind. */
  upgrade(request: FastifyRequest, reply: FastifyReply): boolean;
  /** Cuts off whoever was told to go and has not gone. */
  terminate(): void;
}

/** Whether a request is one to become a WebSocket. Whoever offers another protocol (HTTP/2, as some libraries do with every request) is answered as if they had not. */
export const asksForSocket = ({ method, headers }: Pick<IncomingMessage, 'method' | 'headers'>): boolean =>
  method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket';

/** Takes requests to become a WebSocket through the same routes as every other request, with the same ids, addresses and headers. */
export function serveSockets(
  app: FastifyInstance,
  parts: SocketParts & { readonly addresses: Crowd; readonly origins: readonly (string | RegExp)[] },
): Sockets {
  const { settings, addresses, origins, connections, metrics, log } = parts;
  const upgrades = new WeakMap<IncomingMessage, Upgrade>();
  const protocol = createProtocol(settings);
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: settings.messageBytes,
    perMessageDeflate: false,
    // A client answers them itself, within its bounds.
    autoPong: false,
    handleProtocols,
    // Each message has had its effect before the next is looked at: an id may be used again as soon as its operation was completed.
    allowSynchronousEvents: false,
  });

  app.server.on('upgrade', (raw: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const response = new ServerResponse(raw);
    response.assignSocket(socket as Parameters<ServerResponse['assignSocket']>[0]);
    // What does not become one is answered as any request, and then hung up on.
    response.shouldKeepAlive = false;
    // Ended from both sides: nothing here reads what else comes, and so would notice that the client has gone.
    response.once('finish', () => socket.end(() => socket.destroy()));
    upgrades.set(raw, { socket, head });
    app.routing(raw, response);
  });

  function open(request: FastifyRequest, { socket, head }: Upgrade, leaveAddress: () => void): void {
    server.handleUpgrade(request.raw, socket, head, (webSocket) => {
      const { id: requestId, ip, headers } = request;
      const client = createClient(
        webSocket,
        { requestId, ip, userAgent: headers['user-agent'] ?? null, credentials: credentialsOf(headers) },
        parts,
      );
      webSocket.on('error', (error) => log.debug({ requestId, error }, 'a socket failed'));
      metrics.sockets.inc();
      webSocket.once('close', (code) => {
        metrics.sockets.dec();
        metrics.closed(code);
      });
      connections.add(client);
      drive(protocol, webSocket, client);
    });
    socket.once('close', leaveAddress);
  }

  return {
    upgrade(request, reply) {
      const upgrade = upgrades.get(request.raw);
      if (!upgrade) return false;
      if (connections.closing) throw refused('SUBGRAPH_UNAVAILABLE', 'The gateway is closing.');
      if (!mayOpen(request.headers, origins)) throw refused('FORBIDDEN', 'This origin may not open a connection.');
      // Gone before it was looked at: it would not be counted off again.
      if (upgrade.socket.destroyed) {
        void reply.hijack();
        return true;
      }
      const leaveAddress = addresses.enter(networkOf(request.ip) ?? '');
      if (!leaveAddress) throw refused('RATE_LIMITED', 'Too many connections from this address.');
      void reply.hijack();
      reply.raw.detachSocket(upgrade.socket as Parameters<ServerResponse['detachSocket']>[0]);
      open(request, upgrade, leaveAddress);
      return true;
    },
    terminate() {
      for (const client of server.clients) client.terminate();
    },
  };
}
