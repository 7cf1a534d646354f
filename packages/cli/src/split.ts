import { createHopSigner, deriveSecrets } from '@storegraph/auth';
import { httpTransport } from '@storegraph/gateway';
import { compose } from './composition.ts';
import { checkConnections } from './connections.ts';
import { prepareDatabase } from './deployment-database.ts';
import type { GraphOptions } from './graph.ts';
import { askBeforeOpening } from './private-gateway.ts';
import { gatewaySettings, subgraphSettings } from './processes.ts';
import type { Deployment } from './settings.ts';
import { supervise, type Supervised } from './supervisor.ts';

export interface SplitGraph {
  readonly url: string;
  readonly processes: readonly Supervised[];
  stop(): Promise<void>;
}

/** Together less than an orderly end may take. */
const gatewayPatienceMs = 4_000;
const subgraphPatienceMs = 3_000;

/**
 * One process per subgraph and one for the gateway, each with its own rights, each started again when it dies. `stopping` ends them, also while
 * they are still starting.
 */
export async function startSplit(
  at: Pick<Deployment, 'settings' | 'secret' | 'log'>,
  options: GraphOptions,
  stopping?: AbortSignal,
): Promise<SplitGraph> {
  await prepareDatabase(options);
  const sharesBuckets = options.cost?.databaseUrl !== undefined;
  await checkConnections(options.adminUrl, { processes: options.domains.length, poolSize: options.poolSize, sharesBuckets });
  const ending = new AbortController();
  const processes: Supervised[] = [];
  const run = (process: Omit<Parameters<typeof supervise>[0], 'ending' | 'log'>) => {
    stopping?.throwIfAborted();
    const supervised = supervise({ ...process, ending: ending.signal, log: at.log });
    processes.push(supervised);
    return supervised.ready;
  };
  const stop = async () => {
    ending.abort();
    // The gateway first, so that it ends its requests while the subgraphs still answer.
    await processes.find(({ name }) => name === 'gateway')?.stop(gatewayPatienceMs);
    await Promise.all(processes.map((process) => process.stop(subgraphPatienceMs)));
  };
  stopping?.addEventListener('abort', () => void stop(), { once: true });
  try {
    const { adminUrl } = options;
    const addresses = options.domains.map(async ({ name }) => {
      const url = await run({ name, args: ['serve', name], port: 0, settings: subgraphSettings(at, adminUrl, name) });
      return [name, url] as const;
    });
    const urls = Object.fromEntries(await Promise.all(addresses));
    await prepare(options, urls);
    const url = await run({ name: 'gateway', args: ['gateway'], port: options.port, settings: gatewaySettings(at, adminUrl, urls) });
    return { url, processes, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function prepare({ domains, secret, log, prepare: work }: GraphOptions, urls: Readonly<Record<string, string>>): Promise<void> {
  if (!work) return;
  const signer = createHopSigner({ privateKey: deriveSecrets(secret).hop.privateKey });
  const transports = Object.fromEntries(Object.entries(urls).map(([name, url]) => [name, httpTransport({ name, url, signer })]));
  const exchangers = domains.filter((domain) => domain.exchange).map((domain) => domain.name);
  await askBeforeOpening({ supergraphSdl: compose(domains).supergraphSdl, transports, exchangers, log }, work);
}
