import { OperatorError, systemClock, type Clock, type Logger } from '@storegraph/core';
import { z } from 'zod';
import { createExecution } from './execution/execution.ts';
import { createExplaining } from './explain/asked.ts';
import { startGraphql } from './http/graphql.ts';
import { serveHealth } from './http/health.ts';
import { servePublicRoutes } from './http/public-routes.ts';
import { createServer, listen } from './http/server.ts';
import { openIdentities } from './identity/open.ts';
import { createIdentityResolver } from './identity/resolver.ts';
import { createCosts } from './limits/cost/costs.ts';
import { openBuckets, type CostOptions } from './limits/cost/store.ts';
import { createLimitGuard, defaultLimits, type Limits } from './limits/limits.ts';
import { createMetrics } from './metrics.ts';
import { createOperations } from './operations/operations.ts';
import { createOperationRules } from './operations/rules.ts';
import { createPersistedOperations, type PersistedOptions } from './persisted/persisted.ts';
import { createSubscriptions } from './subscriptions/index.ts';
import type { SubscriptionSettings } from './subscriptions/settings.ts';
import { watchBreakers } from './transport/metrics.ts';
import type { SubgraphTransport } from './transport/transport.ts';

export interface GatewayOptions {
  readonly supergraphSdl: string;
  /** By the name that the supergraph has for the subgraph. Closed together with the gateway. */
  readonly transports: Readonly<Record<string, SubgraphTransport>>;
  /** The subgraphs that turn credentials into identities. `nobody`: everyone is anonymous, and credentials are not looked at. */
  readonly exchangers: readonly string[] | 'nobody';
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** How long each call to a subgraph may take. */
  readonly deadlineMs?: number;
  /** Exact origins of front ends in browsers; `localhost` stands for this machine, on any port. None: no other origin may call. */
  readonly corsOrigins?: readonly string[];
  /** Whether everybody may read the schema; if not, identities with the permission `schema:read` still may. */
  readonly introspection?: boolean;
  readonly graphiql?: boolean;
  /** How many proxies before the gateway, or which addresses, are believed in what `x-forwarded-for` says of the client. None without it. */
  readonly trustProxy?: number | readonly string[] | undefined;
  /** Lets a client that is not on this machine read /metrics. */
  readonly metricsToken?: string | undefined;
  /** Without these the gateway is not ready; without the others it serves the rest of the graph. */
  readonly requiredSubgraphs?: readonly string[];
  readonly limits?: Partial<Limits>;
  /** Charges operations by their cost, and tells of it in `extensions.cost`. Without it nothing is counted. */
  readonly cost?: CostOptions | undefined;
  /** Operations that are known beforehand. */
  readonly persistedOperations?: PersistedOptions | undefined;
  /** How WebSockets and event streams are treated. */
  readonly subscriptions?: Partial<SubscriptionSettings>;
  /** Subscribes to changes of rights: `{ sessionId?, keyId?, subjectId?, storeId? }`. Gives the function that ends the subscription. */
  readonly onCredentialChange?: (handler: (change: unknown) => void) => Unsubscribe | Promise<Unsubscribe>;
  readonly clock?: Clock;
  readonly log: Logger;
}

type Unsubscribe = () => unknown;

export interface Gateway {
  readonly url: string;
  readonly port: number;
  /**
   * Serves another supergraph, and reads persisted operations again. Resolves when every request from then on is served by it; until then those before go on.
   * Rejects, and keeps what it has, when that can't be used.
   */
  reload(supergraphSdl: string): Promise<void>;
  /** Takes no more requests, lets those under way end, and closes the transports. */
  close(): Promise<void>;
}

const publicDeadlineMs = 60_000;
const closeWithinMs = 5_000;

const id = z.string().nullish();
const credentialChange = z.object({ sessionId: id, keyId: id, subjectId: id, storeId: id });

/** Starts the graph's front door. Throws an OperatorError when it can't be started as it is set up. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { transports, deadlineMs = 2_000, introspection = false, log, clock = systemClock } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const metrics = createMetrics();
  watchBreakers(metrics.registry, transports);
  const open = options.exchangers === 'nobody';
  const exchangers = open ? [] : options.exchangers;
  for (const name of exchangers)
    if (!transports[name]?.exchange) throw new OperatorError(`The subgraph "${name}" is to exchange credentials, but it can't.`);
  const identities = open ? openIdentities : createIdentityResolver({ transports, exchangers, deadlineMs, clock, metrics, log });
  const execution = await createExecution({
    supergraphSdl: options.supergraphSdl,
    transports,
    deadlineMs,
    maxEvaluatedPlans: limits.evaluatedPlans,
    planningMs: limits.planningMs,
    metrics,
    log,
  });
  const costs = options.cost && createCosts(options.supergraphSdl, options.cost, await openBuckets(options.cost, log));
  const persisted = createPersistedOperations(options.persistedOperations);
  const rules = createOperationRules({ guard: createLimitGuard(limits), persisted, maxTokens: limits.tokens, introspection });
  const explaining = createExplaining(introspection);
  const graphql = await startGraphql({
    execution,
    identities,
    rules,
    costs,
    persistedOnly: persisted.only,
    explaining,
    introspection,
    metrics,
    log,
  });
  const corsOrigins = options.corsOrigins ?? [];
  const subscriptions = createSubscriptions({
    operations: createOperations(() => execution.engine(), rules),
    identities,
    transports,
    costs,
    explaining,
    corsOrigins,
    settings: options.subscriptions ?? {},
    clock,
    metrics,
    log,
  });
  const app = await createServer({
    graphql,
    subscriptions,
    graphiql: options.graphiql ?? introspection,
    corsOrigins,
    trustProxy: options.trustProxy,
    metricsToken: options.metricsToken,
    limits,
    metrics,
    log,
  });
  serveHealth(app, { transports, required: options.requiredSubgraphs ?? exchangers });
  servePublicRoutes(app, { transports, maxBodyBytes: limits.publicBodyBytes, deadlineMs: publicDeadlineMs, log });

  // What can't be read is taken as a change to everything: forgetting too much costs an exchange, forgetting too little leaves a right in force.
  const unsubscribe = await options.onCredentialChange?.((given) => {
    const change = credentialChange.safeParse(given).data ?? {};
    identities.forget(change);
    subscriptions.changed(change);
  });

  async function shutDown(): Promise<void> {
    await unsubscribe?.();
    const impatient = setTimeout(() => app.server.closeAllConnections(), closeWithinMs);
    await Promise.all([subscriptions.close(), app.close()]);
    clearTimeout(impatient);
    await graphql.stop();
    await execution.close();
    await costs?.close();
    await Promise.all(Object.values(transports).map((transport) => transport.close()));
    metrics.registry.clear();
  }

  async function replace(supergraphSdl: string): Promise<void> {
    // Each throws before it has changed anything; the cheaper one to try twice goes first.
    const usePersisted = persisted.read();
    const useSupergraph = await execution.prepare(supergraphSdl);
    usePersisted();
    useSupergraph();
    costs?.use(supergraphSdl);
    subscriptions.reloaded(execution.engine().schema);
  }

  // One after the other: the last to ask is the one that stays.
  let replaced: Promise<unknown> = Promise.resolve();
  function reload(supergraphSdl: string): Promise<void> {
    const done = replaced.then(() => replace(supergraphSdl));
    replaced = done.catch(() => undefined);
    return done;
  }

  let closing: Promise<void> | undefined;
  const close = () => (closing ??= shutDown());
  try {
    return { ...(await listen(app, options)), reload, close };
  } catch (error) {
    await close();
    throw error;
  }
}
