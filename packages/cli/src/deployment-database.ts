import { createSealer, deriveSecrets, type Sealer } from '@storegraph/auth';
import type { Logger } from '@storegraph/core';
import { loginUrl, migrate, openPool, type Pool } from '@storegraph/database';
import type { SubgraphDefinition } from '@storegraph/subgraph';
import { kernelSchemas } from './domains.ts';

/** What a command has to know that works on the database and serves nothing. */
export interface DatabaseOptions {
  /** An administrator's address of the PostgreSQL server: it makes the roles and schemas. */
  readonly adminUrl: string;
  readonly rolePrefix: string;
  readonly secret: string;
  readonly domains: readonly SubgraphDefinition[];
  readonly poolSize: number;
  readonly log: Logger;
  /** Every statement sent to PostgreSQL for a request: exact counts for tests. */
  readonly onStatement?: (sql: string) => void;
}

/** Prepares the database for the domains: roles, schemas, tables. Safe to run again, and from several processes at once. */
export async function prepareDatabase(
  options: Pick<DatabaseOptions, 'adminUrl' | 'rolePrefix' | 'secret' | 'domains' | 'log'>,
): Promise<void> {
  await migrate({
    adminUrl: options.adminUrl,
    prefix: options.rolePrefix,
    secret: deriveSecrets(options.secret).databaseSecret,
    domains: [...kernelSchemas, ...options.domains.map((domain) => domain.name)],
    log: options.log,
  });
}

/** Connections with the rights of every domain, for a process that serves all of them. */
export function openDeploymentPool({
  adminUrl,
  rolePrefix: prefix,
  secret,
  poolSize: max,
  log,
  onStatement,
}: Omit<DatabaseOptions, 'domains'>): Pool {
  const url = loginUrl({ adminUrl, prefix, secret: deriveSecrets(secret).databaseSecret, domain: 'all' });
  return openPool({ url, prefix, max, applicationName: 'storegraph', log, onStatement });
}

export function sealerOf(secret: string): Sealer {
  const { sealingKey } = deriveSecrets(secret);
  return createSealer({ keys: [sealingKey], current: sealingKey.id });
}
