import { createHopVerifier, createSealer } from '@storegraph/auth';
import { createLogger, environment, OperatorError, systemClock, type Environment } from '@storegraph/core';
import { openPool } from '@storegraph/database';
import { createPostgresTransport, startDispatcher } from '@storegraph/events';
import { startWorkers } from '@storegraph/jobs';
import { createRuntime, serveSubgraph } from '@storegraph/subgraph';
import { domainNamed } from '../domains.ts';
import { ensureFree, portOf, portTaken } from '../port.ts';
import { announce } from '../ready.ts';
import { runUntilStopped } from '../shutdown.ts';
import { startTracing } from '../tracing.ts';

/** Runs one subgraph alone, with its reactions and jobs, for a gateway in another process. */
export async function serve(name: string, options: { readonly port?: string }): Promise<number> {
  const definition = domainNamed(name);
  const settings = environment();
  const log = createLogger({ level: settings.STOREGRAPH_LOG_LEVEL ?? 'info' }).child({ domain: name });
  const url = needed(settings.databaseUrls[name], `DATABASE_URL_${name.toUpperCase()}`);
  const publicKey = needed(settings.STOREGRAPH_HOP_PUBLIC_KEY, 'STOREGRAPH_HOP_PUBLIC_KEY');
  const sealer = sealerOf(settings);
  const prefix = settings.STOREGRAPH_ROLE_PREFIX;
  const port = portOf(options.port, 0);
  await ensureFree(settings.STOREGRAPH_HOST, port);

  return runUntilStopped(async (closing) => {
    closing.defer(await startTracing(settings, name));
    const pool = openPool({ url, prefix, max: settings.STOREGRAPH_POOL_SIZE, applicationName: `storegraph-${name}`, log });
    closing.defer(() => pool.close());
    const transport = createPostgresTransport({ url, prefix, log });
    closing.defer(() => transport.close());
    const runtime = createRuntime(definition, { pool, clock: systemClock, log, sealer, onWake: transport.onWake });
    closing.defer(() => runtime.close());
    await runtime.start();
    const reactions = runtime.reactions.map((reaction) => ({ domain: name, reaction }));
    const dispatcher = await startDispatcher({ transport, pool, reactions, sealer, log });
    closing.defer(() => dispatcher.stop());
    const jobs = runtime.jobs.map((job) => ({ domain: name, job }));
    const workers = await startWorkers({ url, prefix, pool, jobs, sealer, log });
    closing.defer(() => workers.stop());
    const hopVerifier = createHopVerifier({ publicKey, audience: name });
    const server = await serveSubgraph(runtime, { port, host: settings.STOREGRAPH_HOST, hopVerifier, log });
    closing.defer(() => server.close());
    announce(server.url);
  }).catch((error: unknown) => {
    throw portTaken(error, port);
  });
}

function sealerOf(settings: Environment) {
  const [id = '', key = ''] = needed(settings.STOREGRAPH_SEALING_KEY, 'STOREGRAPH_SEALING_KEY').split(':', 2);
  return createSealer({ keys: [{ id, key: Buffer.from(key, 'base64url') }], current: id });
}

function needed(value: string | undefined, name: string): string {
  if (value === undefined)
    throw new OperatorError(`${name} is not set.`, '`npm run storegraph -- settings PROCESS` prints what each process needs.');
  return value;
}
