import cors from '@fastify/cors';
import { OperatorError, type Logger } from '@storegraph/core';
import { fastify, type FastifyInstance, type FastifyRequest } from 'fastify';
import { takeJson } from '../limits/body.ts';
import type { Limits } from '../limits/limits.ts';
import type { Metrics } from '../metrics.ts';
import type { Subscriptions } from '../subscriptions/index.ts';
import { asksForSocket } from '../subscriptions/sockets.ts';
import { answerErrorsAsGraphql } from './errors.ts';
import { serveGraphiql } from './graphiql.ts';
import type { GraphqlEndpoint } from './graphql.ts';
import { serveMetrics } from './metrics.ts';
import { allowedOrigins } from './origins.ts';
import { requestIdOf } from './request-id.ts';
import { addSecurityHeaders } from './security-headers.ts';

export interface ServerOptions {
  readonly graphql: GraphqlEndpoint;
  readonly subscriptions: Pick<Subscriptions, 'serve'>;
  readonly graphiql: boolean;
  readonly corsOrigins: readonly string[];
  readonly trustProxy: number | readonly string[] | undefined;
  readonly metricsToken: string | undefined;
  readonly limits: Pick<Limits, 'bodyBytes' | 'variableDepth' | 'variableValues'>;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** The HTTP server, not listening yet: /graphql, also as a WebSocket, /graphql/stream, GraphiQL and /metrics. */
export async function createServer({
  graphql,
  subscriptions,
  graphiql,
  corsOrigins,
  trustProxy,
  metricsToken,
  limits,
  metrics,
  log,
}: ServerOptions): Promise<FastifyInstance> {
  const app = fastify({
    genReqId: requestIdOf,
    requestIdHeader: false,
    bodyLimit: limits.bodyBytes,
    trustProxy: trusted(trustProxy),
    forceCloseConnections: 'idle',
    requestTimeout: 120_000,
    exposeHeadRoutes: false,
    http: { shouldUpgradeCallback: asksForSocket },
  });
  takeJson(app, limits);
  answerErrorsAsGraphql(app, log);
  endConnectionsOnClose(app);
  addSecurityHeaders(app);
  await app.register(cors, {
    origin: corsOrigins.length > 0 && [...allowedOrigins(corsOrigins)],
    methods: ['GET', 'POST'],
    allowedHeaders: [
      'content-type',
      'authorization',
      'x-storegraph-store',
      'x-request-id',
      'apollo-require-preflight',
      'x-apollo-operation-name',
      'traceparent',
      'x-storegraph-explain',
    ],
    exposedHeaders: ['x-request-id', 'retry-after'],
    maxAge: 600,
  });
  const { sockets, stream } = subscriptions.serve(app);
  const page = graphiql ? serveGraphiql(app) : undefined;
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    handler: (request, reply) => {
      if (sockets.upgrade(request, reply)) return reply;
      if (wantsStream(request)) return stream(request, reply);
      return page && wantsPage(request) ? page(reply) : graphql.answer(request, reply);
    },
  });
  serveMetrics(app, { registry: metrics.registry, token: metricsToken });
  return app;
}

/** Fastify takes a plain number for none; what reaches the port past the proxies is for the operator's network to stop. */
function trusted(proxies: ServerOptions['trustProxy']): false | string[] | ((address: string, hop: number) => boolean) {
  if (proxies === undefined) return false;
  return typeof proxies === 'number' ? (_, hop) => hop < proxies : [...proxies];
}

/** A connection whose last answer went out after the server began to close would otherwise be kept alive, and the close wait for it. */
function endConnectionsOnClose(app: FastifyInstance): void {
  let closing = false;
  app.addHook('preClose', (done) => {
    closing = true;
    done();
  });
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (closing) void reply.header('connection', 'close');
    done();
  });
}

/** GraphiQL, and other clients that know one endpoint, ask so for subscriptions. */
const wantsStream = ({ headers: { accept = '' } }: FastifyRequest) => accept.includes('text/event-stream') && !accept.includes('json');

/** A browser that opens the endpoint, also with the query that the page keeps in its address; a client of the graph names JSON. */
const wantsPage = ({ method, headers: { accept = '' } }: FastifyRequest) =>
  method === 'GET' && accept.includes('text/html') && !accept.includes('json');

/** Port 0 takes a free one. Throws an OperatorError when the port can't be had. */
export async function listen(app: FastifyInstance, { host, port }: { host: string; port: number }): Promise<{ url: string; port: number }> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE')
      throw new OperatorError(`Port ${port} on ${host} is taken.`, 'Stop what uses it, or choose another with --port.', { cause: error });
    if (code === 'EACCES')
      throw new OperatorError(`Port ${port} may not be used by this user.`, 'Choose one above 1023 with --port.', { cause: error });
    throw error;
  }
  const address = app.server.address();
  const taken = typeof address === 'object' && address ? address.port : port;
  const shown = host === '0.0.0.0' || host === '::' || host === '127.0.0.1' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return { url: `http://${shown}:${taken}`, port: taken };
}
