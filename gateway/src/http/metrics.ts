import { equalSecrets } from '@storegraph/auth';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Registry } from 'prom-client';

/** `/metrics`, for this machine and for whoever brings the token: it tells of the load, and so of the business. */
export function serveMetrics(app: FastifyInstance, { registry, token }: { registry: Registry; token: string | undefined }): void {
  app.get('/metrics', async (request, reply) => {
    if (!isLocal(request) && !brings(request, token)) return reply.code(403).send('Only for this machine, or with the token.\n');
    return reply.header('content-type', registry.contentType).send(await registry.metrics());
  });
}

const loopback = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/** A proxy on this machine, trusted or not, asks for somebody else. */
const isLocal = ({ socket, headers }: FastifyRequest): boolean =>
  loopback.has(socket.remoteAddress ?? '') && headers['x-forwarded-for'] === undefined && headers.forwarded === undefined;

const brings = ({ headers }: FastifyRequest, token: string | undefined): boolean =>
  token !== undefined && equalSecrets(headers.authorization ?? '', `Bearer ${token}`);
