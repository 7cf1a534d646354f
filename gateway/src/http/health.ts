import type { FastifyInstance } from 'fastify';
import { withDeadline } from '../execution/deadline.ts';
import type { SubgraphTransport } from '../transport/transport.ts';

export interface Readiness {
  readonly ready: boolean;
  readonly subgraphs: Readonly<Record<string, 'up' | 'down'>>;
}

const askedAgainAfterMs = 500;
const answerWithinMs = 1_000;

/**
 * `/health/live`: the process answers. `/health/ready`: it can serve, which it can while the subgraphs in `required` answer; the others are told of, but
 * without them the rest of the graph still works.
 */
export function serveHealth(
  app: FastifyInstance,
  { transports, required }: { transports: Readonly<Record<string, SubgraphTransport>>; required: readonly string[] },
): void {
  let last: { at: number; readiness: Promise<Readiness> } | undefined;

  async function ask(): Promise<Readiness> {
    const states = await Promise.all(
      Object.entries(transports).map(async ([name, transport]) => {
        const up = await withDeadline(answerWithinMs, (signal) => transport.healthy(signal)).catch(() => false);
        return [name, up ? 'up' : 'down'] as const;
      }),
    );
    const subgraphs = Object.fromEntries(states);
    return { ready: required.every((name) => subgraphs[name] === 'up'), subgraphs };
  }

  app.get('/health/live', () => ({ live: true }));
  app.get('/health/ready', async (_request, reply) => {
    if (!last || Date.now() - last.at > askedAgainAfterMs) last = { at: Date.now(), readiness: ask() };
    const readiness = await last.readiness;
    return reply.code(readiness.ready ? 200 : 503).send(readiness);
  });
}
