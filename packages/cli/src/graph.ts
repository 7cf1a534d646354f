import { deriveSecrets } from '@storegraph/auth';
import { systemClock, type Clock, type Environment } from '@storegraph/core';
import { loginUrl, type Pool } from '@storegraph/database';
import { createPostgresTransport, startDispatcher, type Dispatcher } from '@storegraph/events';
import { inMemoryTransport, startGateway, type Gateway, type SubgraphTransport } from '@storegraph/gateway';
import { startWorkers } from '@storegraph/jobs';
import { createRuntime, type SubgraphRuntime } from '@storegraph/subgraph';
import { compose } from './composition.ts';
import { checkConnections } from './connections.ts';
import { openDeploymentPool, prepareDatabase, sealerOf, type DatabaseOptions } from './deployment-database.ts';
import { askBeforeOpening } from './private-gateway.ts';
import type { OperationRules } from './graph-options.ts';

export interface GraphOptions extends DatabaseOptions, OperationRules {
  readonly host: string;
  readonly port: number;
  readonly deadlineMs: number;
  readonly corsOrigins: readonly string[];
  readonly introspection: boolean;
  readonly trustProxy?: Environment['STOREGRAPH_TRUST_PROXY'];
  readonly metricsToken?: Environment['STOREGRAPH_METRICS_TOKEN'];
  /** Asks the graph for what has to be there when its gateway opens. */
  readonly prepare?: ((endpoint: string) => Promise<void>) | undefined;
  readonly clock?: Clock;
  /** Every fetch from a subgraph: exact counts for tests. */
  readonly onFetch?: (subgraph: string) => void;
}

export interface Graph {
  readonly gateway: Gateway;
  readonly pool: Pool;
  readonly dispatcher: Dispatcher;
  readonly runtimes: readonly SubgraphRuntime[];
  /** Ends in the order in which work flows: no new requests, then what runs in the background, then the connections. */
  close(): Promise<void>;
}

/** The whole graph in this process: the gateway and every subgraph, with calls between them in memory. */
export async function startGraph(options: GraphOptions): Promise<Graph> {
  const { adminUrl, rolePrefix: prefix, log } = options;
  const secrets = deriveSecrets(options.secret);
  await prepareDatabase(options);
  const sharesBuckets = options.cost?.databaseUrl !== undefined;
  await checkConnections(adminUrl, { processes: 1, poolSize: options.poolSize, sharesBuckets });

  const closing = new AsyncDisposableStack();
  try {
    const url = loginUrl({ adminUrl, prefix, secret: secrets.databaseSecret, domain: 'all' });
    const pool = openDeploymentPool(options);
    closing.defer(() => pool.close());
    const sealer = sealerOf(options.secret);
    const clock = options.clock ?? systemClock;

    const transport = createPostgresTransport({ url, prefix, log });
    closing.defer(() => transport.close());
    const { onWake } = transport;
    const runtimes = options.domains.map((domain) => createRuntime(domain, { pool, clock, log, sealer, onWake }));
    closing.defer(async () => void (await Promise.all(runtimes.map((runtime) => runtime.close()))));
    for (const runtime of runtimes) await runtime.start();

    const reactions = runtimes.flatMap(({ name, reactions: list }) => list.map((reaction) => ({ domain: name, reaction })));
    const dispatcher = await startDispatcher({ transport, pool, reactions, sealer, log });
    closing.defer(() => dispatcher.stop());
    const jobs = runtimes.flatMap(({ name, jobs: list }) => list.map((job) => ({ domain: name, job })));
    const workers = await startWorkers({ url, prefix, pool, jobs, sealer, clock, log });
    closing.defer(() => workers.stop());

    const supergraphSdl = compose(options.domains).supergraphSdl;
    const transports = Object.fromEntries(
      runtimes.map((runtime) => [runtime.name, counted(inMemoryTransport(runtime), runtime.name, options.onFetch)]),
    );
    const exchangers = runtimes.filter((runtime) => runtime.exchange).map((runtime) => runtime.name);
    if (options.prepare) await askBeforeOpening({ supergraphSdl, transports, exchangers, log }, options.prepare);
    const gateway = await startGateway({
      supergraphSdl,
      transports,
      exchangers,
      host: options.host,
      port: options.port,
      deadlineMs: options.deadlineMs,
      corsOrigins: options.corsOrigins,
      introspection: options.introspection,
      trustProxy: options.trustProxy,
      metricsToken: options.metricsToken,
      limits: options.limits ?? {},
      cost: options.cost,
      persistedOperations: options.persistedOperations,
      onCredentialChange: (handler) => transport.onSignal('credentials', handler),
      log,
    });
    closing.defer(() => gateway.close());
    const started = closing.move();
    return { gateway, pool, dispatcher, runtimes, close: () => started.disposeAsync() };
  } catch (error) {
    await closing.disposeAsync();
    throw error;
  }
}

function counted(transport: SubgraphTransport, name: string, onFetch: ((subgraph: string) => void) | undefined): SubgraphTransport {
  if (!onFetch) return transport;
  return {
    ...transport,
    execute: (request) => {
      onFetch(name);
      return transport.execute(request);
    },
  };
}
