import type { Clock, Logger } from '@storegraph/core';
import type { FastifyInstance } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import { allowedOrigins } from '../http/origins.ts';
import type { CredentialChange } from '../identity/identity-cache.ts';
import type { Explaining } from '../explain/asked.ts';
import type { IdentityResolver } from '../identity/resolver.ts';
import type { Costs } from '../limits/cost/costs.ts';
import type { Metrics } from '../metrics.ts';
import type { Operations } from '../operations/operations.ts';
import type { SubgraphTransport } from '../transport/transport.ts';
import { createConnections } from './connections.ts';
import { createCrowd } from './crowd.ts';
import { createGuard } from './guard.ts';
import { createSubscriptionMetrics } from './metrics.ts';
import { createRunner } from './runner.ts';
import { defaultSubscriptionSettings, type SubscriptionSettings } from './settings.ts';
import { serveSockets, type Sockets } from './sockets.ts';
import { serveStreams, type AnswerStream } from './streams.ts';
import { createUpstreams } from './upstreams.ts';

export interface SubscriptionOptions {
  readonly operations: Operations;
  readonly identities: IdentityResolver;
  readonly transports: Readonly<Record<string, SubgraphTransport>>;
  readonly costs: Costs | undefined;
  readonly explaining: Explaining;
  readonly corsOrigins: readonly string[];
  readonly settings: Partial<SubscriptionSettings>;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** Everything that comes over connections that stay: WebSockets at /graphql, event streams at /graphql/stream. */
export interface Subscriptions {
  /** Takes connections on a server. The route of /graphql hands over to what this gives who asks there for a WebSocket or an event stream. */
  serve(app: FastifyInstance): { readonly sockets: Sockets; readonly stream: AnswerStream };
  /** Rights have changed: looks at those concerned at once. */
  changed(change: CredentialChange): void;
  /** Another schema is served: ends, one by one, what was made for the one before. */
  reloaded(schema: GraphQLSchema): void;
  /** Takes no more connections, and ends those that are open, one by one, after what is under way. */
  close(): Promise<void>;
}

export function createSubscriptions(options: SubscriptionOptions): Subscriptions {
  const { operations, identities, transports, costs, explaining, clock, log } = options;
  const settings = { ...defaultSubscriptionSettings, ...options.settings };
  const metrics = createSubscriptionMetrics(options.metrics.registry);
  const upstreams = createUpstreams({ answersAtOnce: settings.answersAtOnce, metrics, log });
  const runner = createRunner({ operations, upstreams, transports, costs, explaining, metrics: options.metrics, log });
  const guard = createGuard({ identities, clock, settings, log });
  const connections = createConnections(settings);
  const parts = {
    settings,
    guard,
    runner,
    connections,
    metrics,
    log,
    stores: createCrowd(settings.connectionsPerStore),
    addresses: createCrowd(settings.connectionsPerAddress),
    origins: allowedOrigins(options.corsOrigins),
  };
  let sockets: Sockets | undefined;
  return {
    serve(app) {
      const stream = serveStreams(app, parts);
      sockets = serveSockets(app, parts);
      return { sockets, stream };
    },
    changed: (change) => guard.changed(change),
    reloaded: (schema) => connections.reloaded(schema),
    async close() {
      await connections.close();
      sockets?.terminate();
      guard.stop();
    },
  };
}
