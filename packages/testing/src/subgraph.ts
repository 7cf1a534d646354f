import { randomUUID } from 'node:crypto';
import { createSealer, deriveSecrets, type Identity } from '@storegraph/auth';
import { newId, silentLogger, systemClock, type Clock, type Logger, type StoreId } from '@storegraph/core';
import { createPostgresTransport, startDispatcher, type Reaction } from '@storegraph/events';
import { runJob, type Job } from '@storegraph/jobs';
import { createRuntime, type SubgraphDefinition, type SubgraphRuntime } from '@storegraph/subgraph';
import { atEnd } from './at-end.ts';
import { testClient, type TestClient } from './client.ts';
import { testDatabase, type TestDatabase } from './database.ts';
import { deploymentSecret, rolePrefix } from './deployment.ts';

export interface SubgraphHarness extends TestDatabase {
  readonly runtime: SubgraphRuntime;
  /** A client of this subgraph alone, without a gateway, as that identity. */
  as(identity: Identity): TestClient;
  /** Waits until every event so far has been handled by this subgraph's reactions. */
  settled(): Promise<void>;
  /** One attempt at a job, as a worker makes it. `storeId`: the store in which it was enqueued. */
  runJob<Data>(job: Job<Data>, data?: Data, options?: JobOptions): Promise<void>;
}

interface JobOptions {
  readonly storeId?: StoreId | null;
  readonly attempt?: number;
  readonly signal?: AbortSignal;
}

interface Options {
  readonly clock?: Clock;
  readonly log?: Logger;
  readonly poolSize?: number;
  /** Reactions beside the subgraph's own, to watch its events. */
  readonly watch?: readonly Reaction[];
}

/** One subgraph on a database of its own. Its dispatcher starts with the first call of `settled()`. */
export async function subgraphHarness(definition: SubgraphDefinition, options: Options = {}): Promise<SubgraphHarness> {
  const { clock = systemClock, log = silentLogger, poolSize = 10, watch = [] } = options;
  const database = await testDatabase({ poolSize, log });
  const { pool, url } = database;
  const { sealingKey } = deriveSecrets(deploymentSecret);
  const sealer = createSealer({ keys: [sealingKey], current: sealingKey.id });
  const runtime = createRuntime(definition, { pool, clock, log, sealer });
  await runtime.start();
  atEnd(() => runtime.close());

  let dispatching: ReturnType<typeof dispatch> | undefined;
  const dispatch = async () => {
    const transport = createPostgresTransport({ url, prefix: rolePrefix, log });
    const reactions = [...runtime.reactions, ...watch].map((reaction) => ({ domain: runtime.name, reaction }));
    const dispatcher = await startDispatcher({ transport, pool, reactions, sealer, log });
    return { transport, dispatcher };
  };
  atEnd(async () => {
    const running = await dispatching;
    await running?.dispatcher.stop();
    await running?.transport.close();
  });

  return {
    ...database,
    runtime,
    as: (identity) => testClient((query, variables) => runtime.execute({ query, variables, identity, requestId: randomUUID() })),
    settled: async () => {
      dispatching ??= dispatch();
      await (await dispatching).dispatcher.idle();
    },
    runJob: (job, data, { storeId = null, attempt = 1, signal = new AbortController().signal } = {}) =>
      runJob(
        { pool, domain: runtime.name, sealer, clock, log },
        job,
        { jobId: newId('job'), storeId, correlationId: randomUUID(), attempt, signal },
        job.data.parse(data ?? {}),
      ),
  };
}
