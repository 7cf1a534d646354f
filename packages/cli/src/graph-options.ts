import { deriveSecrets } from '@storegraph/auth';
import type { Environment } from '@storegraph/core';
import { loginUrl } from '@storegraph/database';
import { limitsNamed, type GatewayOptions } from '@storegraph/gateway';
import type { SubgraphDefinition } from '@storegraph/subgraph';
import type { GraphOptions } from './graph.ts';
import { databaseOptions, type Deployment } from './settings.ts';

/** How the settings shape a graph. */
export function graphOptions(at: Deployment, adminUrl: string, domains: readonly SubgraphDefinition[]): Omit<GraphOptions, 'port'> {
  const { settings, secret } = at;
  const { databaseSecret } = deriveSecrets(secret);
  const gatewayUrl = loginUrl({ adminUrl, prefix: settings.STOREGRAPH_ROLE_PREFIX, secret: databaseSecret, domain: 'gateway' });
  return {
    ...databaseOptions(at, adminUrl, domains),
    host: settings.STOREGRAPH_HOST,
    deadlineMs: settings.STOREGRAPH_DEADLINE_MS,
    corsOrigins: corsOrigins(settings),
    introspection: settings.STOREGRAPH_INTROSPECTION ?? settings.NODE_ENV !== 'production',
    trustProxy: settings.STOREGRAPH_TRUST_PROXY,
    metricsToken: settings.STOREGRAPH_METRICS_TOKEN,
    ...operationRules(settings, gatewayUrl),
  };
}

export type OperationRules = Pick<GatewayOptions, 'limits' | 'cost' | 'persistedOperations'>;

/** Which operations the gateway takes, and how many. `gatewayUrl`: its own login. Throws an OperatorError for a limit that there is not. */
export function operationRules(settings: Environment, gatewayUrl: string): OperationRules {
  const {
    STOREGRAPH_COST_MAXIMUM: maximumAvailable,
    STOREGRAPH_COST_RESTORE: restoreRate,
    STOREGRAPH_COST_STORE: store,
    STOREGRAPH_PERSISTED_OPERATIONS: file,
  } = settings;
  return {
    limits: limitsNamed(settings.STOREGRAPH_LIMITS ?? {}),
    cost: maximumAvailable > 0 ? { maximumAvailable, restoreRate, ...(store === 'postgres' && { databaseUrl: gatewayUrl }) } : undefined,
    persistedOperations: file === undefined ? undefined : { file, mode: settings.STOREGRAPH_PERSISTED_MODE },
  };
}

/** In development any page of this machine may ask; in production only the origins that are named. */
export const corsOrigins = (settings: Environment): readonly string[] =>
  settings.STOREGRAPH_CORS_ORIGINS ?? (settings.NODE_ENV === 'production' ? [] : ['localhost']);
