import { Readable } from 'node:stream';
import type { HopVerifier, Identity } from '@storegraph/auth';
import type { Logger } from '@storegraph/core';
import { fastify, type FastifyReply, type FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { SubgraphRuntime } from './runtime.ts';
import { serveSubscriptions } from './serve-subscriptions.ts';

const graphqlBody = z.object({
  query: z.string(),
  operationName: z.string().nullish(),
  variables: z.record(z.string(), z.unknown()).nullish(),
});

const credentialBody = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('TOKEN'), token: z.string().max(8192) }),
  z.object({ kind: z.literal('API_KEY'), key: z.string().max(512) }),
  z.object({ kind: z.literal('STORE'), slug: z.string().max(255) }),
]);

/**
 * Serves a subgraph to the gateway: over HTTP, and subscriptions over graphql-ws at the same address. POST /graphql, its WebSocket and
 * /internal/exchange need the gateway's hop token; /public/* is for everybody and trusts nothing; /health/live, /health/ready and /metrics are for whoever runs it. `port` 0 takes a free one.
 */
export async function serveSubgraph(
  runtime: SubgraphRuntime,
  { port, host, hopVerifier, log }: { port: number; host: string; hopVerifier: HopVerifier; log: Logger },
): Promise<{ url: string; port: number; close(): Promise<void> }> {
  const app = fastify({
    logger: false,
    bodyLimit: 5 * 1024 * 1024,
    forceCloseConnections: 'idle',
    routerOptions: { ignoreTrailingSlash: false },
    // Whoever offers another protocol is answered as if they had not.
    http: { shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket' },
  });

  let closing = false;
  // A connection that is kept alive would keep the server from ending.
  app.addHook('onSend', async (_request, reply) => void (closing && reply.header('connection', 'close')));
  app.setNotFoundHandler((_request, reply) => reply.code(404).send(failure('BAD_REQUEST', 'No such address.')));
  app.setErrorHandler((error: { statusCode?: number }, request, reply) => {
    const status = error.statusCode !== undefined && error.statusCode < 500 ? error.statusCode : 500;
    if (status === 500)
      log.error({ requestId: requestIdOf(request), method: request.method, path: request.url, error }, 'A request failed.');
    return reply.code(status).send(failure(status === 500 ? 'INTERNAL' : 'BAD_REQUEST', 'The request could not be handled.'));
  });

  const callers = new WeakMap<FastifyRequest, Identity>();
  const identify = async (request: FastifyRequest): Promise<Identity | undefined> => {
    const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
    return token === undefined ? undefined : await hopVerifier(token).catch(() => undefined);
  };
  /** Before anything else: not even the body of a stranger is read. */
  const onlyGateway = async (request: FastifyRequest, reply: FastifyReply) => {
    const identity = await identify(request);
    if (identity) callers.set(request, identity);
    else await reply.code(401).send(failure('UNAUTHENTICATED', 'Only the gateway may ask.'));
  };
  const callerOf = (request: FastifyRequest): Identity => {
    const identity = callers.get(request);
    if (!identity) throw new Error('A request came past the check of its hop token.');
    return identity;
  };

  app.post('/graphql', { onRequest: onlyGateway }, async (request, reply) => {
    const body = graphqlBody.safeParse(request.body);
    if (!body.success) return reply.code(400).send(failure('BAD_REQUEST', 'The body must be a GraphQL request.'));
    const deadline = Number(header(request, 'x-storegraph-deadline') ?? Number.NaN);
    const answer = await runtime.execute({
      query: body.data.query,
      operationName: body.data.operationName ?? null,
      variables: body.data.variables ?? null,
      identity: callerOf(request),
      requestId: requestIdOf(request),
      ip: header(request, 'x-storegraph-client-ip'),
      userAgent: header(request, 'x-storegraph-client-agent'),
      traceparent: header(request, 'traceparent'),
      signal: goneSignal(reply),
      ...(Number.isFinite(deadline) ? { deadline } : {}),
    });
    return reply.send(answer);
  });

  app.post('/internal/exchange', { onRequest: onlyGateway }, async (request, reply) => {
    if (callerOf(request).kind !== 'SYSTEM') return reply.code(403).send(failure('FORBIDDEN', 'Only the gateway itself may ask.'));
    const body = credentialBody.safeParse(request.body);
    if (!runtime.exchange || !body.success) return reply.code(400).send(failure('BAD_REQUEST', 'No such exchange.'));
    return reply.send({ identity: await runtime.exchange(body.data) });
  });

  await app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    // Left unread: each route has its own limit.
    scope.addContentTypeParser('*', (_request, _payload, parsed) => parsed(null));
    scope.all('/public/*', async (request, reply) => {
      const viaGateway = (await identify(request)) !== undefined;
      // A hop token is no route's business.
      if (viaGateway) delete request.headers.authorization;
      const ip = viaGateway ? header(request, 'x-storegraph-client-ip') : request.ip;
      return reply.send(await runtime.handlePublic(webRequest(request, reply), { requestId: requestIdOf(request), ip }));
    });
    done();
  });

  app.get('/health/live', () => ({ status: 'ok' }));
  app.get('/health/ready', async (_request, reply) => {
    const ready = await runtime.health();
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ok' : 'unavailable' });
  });
  app.get('/metrics', async (_request, reply) => reply.type(runtime.metrics.contentType).send(await runtime.metrics.metrics()));

  const endSubscriptions = serveSubscriptions(app.server, { runtime, hopVerifier, log });
  const url = await app.listen({ port, host });
  const address = app.server.address();
  return {
    url,
    port: typeof address === 'object' && address ? address.port : port,
    close: async () => {
      closing = true;
      endSubscriptions();
      const closed = app.close();
      await runtime.close();
      // What is still open now belongs to clients that do not read their answers.
      const timer = setTimeout(() => app.server.closeAllConnections(), 1_000);
      await closed;
      clearTimeout(timer);
    },
  };
}

const failure = (code: string, message: string) => ({ errors: [{ message, extensions: { code } }] });

function header(request: FastifyRequest, name: string): string | null {
  const value = request.headers[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

/** The gateway's id of the request, if it looks like one: it goes into logs and answers. */
function requestIdOf(request: FastifyRequest): string {
  const given = header(request, 'x-request-id');
  return given !== null && /^[\w-]{1,64}$/.test(given) ? given : crypto.randomUUID();
}

/** Aborts when the caller hangs up before it has its answer. */
function goneSignal(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort();
  });
  return controller.signal;
}

function webRequest(request: FastifyRequest, reply: FastifyReply): Request {
  const headers = Object.entries(request.headers).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as [string, string]] : [],
  );
  const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
  return new Request(`http://subgraph${request.url}`, {
    method: request.method,
    headers,
    signal: goneSignal(reply),
    ...(hasBody && { body: Readable.toWeb(request.raw) as ReadableStream<Uint8Array>, duplex: 'half' as const }),
  });
}
