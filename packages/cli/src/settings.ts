import { constants } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLogger, environment, type Environment, type Logger } from '@storegraph/core';
import { runningEmbedded, startEmbedded } from '@storegraph/database';
import type { SubgraphDefinition } from '@storegraph/subgraph';
import type { DatabaseOptions } from './deployment-database.ts';
import { deploymentSecret } from './secret.ts';

/** The options that every command takes that needs a database or a port. */
export interface CommonOptions {
  readonly data?: string;
  readonly port?: string;
}

export interface Deployment {
  readonly settings: Environment;
  readonly dataDir: string;
  readonly secret: string;
  readonly log: Logger;
}

const defaultDataDir = fileURLToPath(new URL('../../../.data', import.meta.url));

/**
 * What the options and the environment say. Unless STOREGRAPH_LOG_LEVEL is set, only what goes wrong is logged where a person reads the output: that
 * of a command which ends by itself, and in development that of a `service`.
 */
export async function deployment(options: CommonOptions, { service = false } = {}): Promise<Deployment> {
  const given = environment();
  const level = given.STOREGRAPH_LOG_LEVEL ?? (service && given.NODE_ENV === 'production' ? 'info' : 'warn');
  const settings = { ...given, STOREGRAPH_LOG_LEVEL: level };
  const dataDir = resolve(options.data ?? settings.STOREGRAPH_DATA ?? defaultDataDir);
  return { settings, dataDir, secret: await deploymentSecret(settings, dataDir), log: createLogger({ level }) };
}

export interface Server {
  readonly adminUrl: string;
  stop(): Promise<void>;
}

/**
 * The operator's own PostgreSQL where DATABASE_URL names one, else an embedded one that keeps its data in the data folder.
 * A command that only visits (`import` while `start` runs) uses the embedded server that is running, and leaves it running.
 */
export async function databaseServer({ settings, dataDir }: Deployment, { visit = false } = {}): Promise<Server> {
  const stop = () => Promise.resolve();
  if (settings.DATABASE_URL) return { adminUrl: settings.DATABASE_URL, stop };
  const embedded = { dataDir: resolve(dataDir, 'postgres') };
  const running = visit ? await runningEmbedded(embedded) : null;
  // An embedded server ends with its process, unless that dies of a signal: Ctrl-C during an import must end both.
  if (visit)
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => process.exit(128 + constants.signals[signal]));
  return running ? { adminUrl: running.adminUrl, stop } : startEmbedded(embedded);
}

/** What the settings say of the deployment's database. */
export function databaseOptions(
  { settings, secret, log }: Deployment,
  adminUrl: string,
  domains: readonly SubgraphDefinition[],
): DatabaseOptions {
  return {
    adminUrl,
    rolePrefix: settings.STOREGRAPH_ROLE_PREFIX,
    secret,
    domains,
    poolSize: settings.STOREGRAPH_POOL_SIZE,
    log,
  };
}
