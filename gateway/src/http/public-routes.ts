import { Readable, Transform, type TransformCallback } from 'node:stream';
import { errorCodes, type FastifyInstance, type FastifyRequest } from 'fastify';
import type { Logger } from '@storegraph/core';
import { subgraphUnavailable } from '../errors.ts';
import { withDeadline } from '../execution/deadline.ts';
import type { SubgraphTransport } from '../transport/transport.ts';

/** A path is passed on only as it is written: no encoded character, no empty or dotted segment can mean something else further on. */
const form = /^\/([a-z][a-z0-9-]*)(\/public(?:\/[A-Za-z0-9._~:=@+-]+)+)$/;
const dotted = /\/\.{1,2}(?:\/|$)/;

/** Who somebody is to the gateway is nothing to a public route, and a caller's own word for where they come from is nothing at all. */
const notPassed = /^(?:authorization|cookie|proxy-authorization|forwarded|host|x-forwarded-.*|x-storegraph-.*|x-request-id|x-real-ip)$/;

export interface PublicRouteOptions {
  readonly transports: Readonly<Record<string, SubgraphTransport>>;
  readonly maxBodyBytes: number;
  readonly deadlineMs: number;
  readonly log: Logger;
}

/** Forwards `/<subgraph>/public/*` to that subgraph, and nothing else: uploads, providers' webhooks, tracking links. */
export function servePublicRoutes(app: FastifyInstance, { transports, maxBodyBytes, deadlineMs, log }: PublicRouteOptions): void {
  void app.register((scope, _options, registered) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    scope.all('/:subgraph/public/*', { bodyLimit: maxBodyBytes }, async (request, reply) => {
      const [path = '', search] = request.raw.url?.split(/\?(.*)/s) ?? [];
      const [, name = '', rest = ''] = form.exec(path) ?? [];
      const forward = Object.hasOwn(transports, name) ? transports[name]?.forward : undefined;
      if (!forward || dotted.test(rest)) return reply.callNotFound();
      if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes) throw new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE();
      const body = limited(request, maxBodyBytes);
      const to = `${rest}${search === undefined ? '' : `?${search}`}`;
      const answer = await withDeadline(deadlineMs, (signal) =>
        forward(outgoing(request, to, body?.stream, signal), { requestId: request.id, ip: request.ip }),
      ).catch((error: unknown) => {
        if (body?.exceeded()) throw new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE();
        log.warn({ subgraph: name, requestId: request.id, error }, 'a public route did not answer');
        throw subgraphUnavailable(name);
      });
      return reply.send(answer);
    });
    registered();
  });
}

function outgoing({ method, headers }: FastifyRequest, path: string, body: Readable | undefined, signal: AbortSignal): Request {
  const passed = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || notPassed.test(name)) continue;
    for (const item of Array.isArray(value) ? value : [value]) passed.append(name, item);
  }
  return new Request(`http://subgraph${path}`, {
    method,
    headers: passed,
    signal,
    ...(body && { body: Readable.toWeb(body) as ReadableStream<Uint8Array>, duplex: 'half' }),
  });
}

/** The body, if there is one, cut off with an error where it grows too large: not every body says its size beforehand. */
function limited({ body, method }: FastifyRequest, maxBytes: number): { stream: Readable; exceeded: () => boolean } | undefined {
  if (!(body instanceof Readable) || method === 'GET' || method === 'HEAD') return undefined;
  let size = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback) {
      size += chunk.length;
      if (size > maxBytes) done(new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE());
      else done(null, chunk);
    },
  });
  body.on('error', (error) => stream.destroy(error));
  return { stream: body.pipe(stream), exceeded: () => size > maxBytes };
}
