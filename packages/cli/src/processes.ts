import { deriveSecrets } from '@storegraph/auth';
import { loginUrl } from '@storegraph/database';
import type { Deployment } from './settings.ts';

/** What one process of a split deployment has to be told, and nothing more: a subgraph learns its own login and the gateway's public key. */
export function subgraphSettings(
  { settings, secret }: Pick<Deployment, 'settings' | 'secret'>,
  adminUrl: string,
  domain: string,
): Record<string, string> {
  const secrets = deriveSecrets(secret);
  return {
    ...commonSettings(settings),
    [`DATABASE_URL_${domain.toUpperCase()}`]: loginUrl({
      adminUrl: settings.databaseUrls[domain] ?? adminUrl,
      prefix: settings.STOREGRAPH_ROLE_PREFIX,
      secret: secrets.databaseSecret,
      domain,
    }),
    STOREGRAPH_HOP_PUBLIC_KEY: secrets.hop.publicKey,
    STOREGRAPH_SEALING_KEY: `${secrets.sealingKey.id}:${Buffer.from(secrets.sealingKey.key).toString('base64url')}`,
    ...(domain === 'messaging' ? mailSettings(settings) : {}),
  };
}

function mailSettings(settings: Deployment['settings']): Record<string, string> {
  const { STOREGRAPH_SMTP_URL: server, STOREGRAPH_MAIL_OUTBOX: outbox } = settings;
  return {
    STOREGRAPH_MAIL_FROM: settings.STOREGRAPH_MAIL_FROM,
    STOREGRAPH_CONSOLE_URL: settings.STOREGRAPH_CONSOLE_URL,
    STOREGRAPH_STOREFRONT_URL: settings.STOREGRAPH_STOREFRONT_URL,
    ...(server !== undefined && { STOREGRAPH_SMTP_URL: server }),
    ...(outbox !== undefined && { STOREGRAPH_MAIL_OUTBOX: outbox }),
  };
}

/** The gateway holds the key that signs each hop, and a login that can listen for signals, keep the buckets of points, and read nothing else. */
export function gatewaySettings(
  { settings, secret }: Pick<Deployment, 'settings' | 'secret'>,
  adminUrl: string,
  urls: Readonly<Record<string, string>>,
): Record<string, string> {
  const secrets = deriveSecrets(secret);
  return {
    ...commonSettings(settings),
    STOREGRAPH_HOP_PRIVATE_KEY: secrets.hop.privateKey,
    STOREGRAPH_SIGNALS_URL: loginUrl({
      adminUrl,
      prefix: settings.STOREGRAPH_ROLE_PREFIX,
      secret: secrets.databaseSecret,
      domain: 'gateway',
    }),
    STOREGRAPH_SUBGRAPH_URLS: Object.entries(urls)
      .map(([name, url]) => `${name}=${url}`)
      .join(','),
    ...(settings.STOREGRAPH_CORS_ORIGINS ? { STOREGRAPH_CORS_ORIGINS: settings.STOREGRAPH_CORS_ORIGINS.join(',') } : {}),
    ...(settings.STOREGRAPH_TRUST_PROXY ? { STOREGRAPH_TRUST_PROXY: String(settings.STOREGRAPH_TRUST_PROXY) } : {}),
    ...(settings.STOREGRAPH_METRICS_TOKEN ? { STOREGRAPH_METRICS_TOKEN: settings.STOREGRAPH_METRICS_TOKEN } : {}),
    ...operationSettings(settings),
    ...(settings.STOREGRAPH_INTROSPECTION === undefined ? {} : { STOREGRAPH_INTROSPECTION: String(settings.STOREGRAPH_INTROSPECTION) }),
  };
}

function operationSettings(settings: Deployment['settings']): Record<string, string> {
  const { STOREGRAPH_LIMITS: limits, STOREGRAPH_PERSISTED_OPERATIONS: file } = settings;
  return {
    STOREGRAPH_COST_MAXIMUM: String(settings.STOREGRAPH_COST_MAXIMUM),
    STOREGRAPH_COST_RESTORE: String(settings.STOREGRAPH_COST_RESTORE),
    STOREGRAPH_COST_STORE: settings.STOREGRAPH_COST_STORE,
    ...(limits && {
      STOREGRAPH_LIMITS: Object.entries(limits)
        .map((limit) => limit.join('='))
        .join(','),
    }),
    ...(file !== undefined && { STOREGRAPH_PERSISTED_OPERATIONS: file, STOREGRAPH_PERSISTED_MODE: settings.STOREGRAPH_PERSISTED_MODE }),
  };
}

function commonSettings(settings: Deployment['settings']): Record<string, string> {
  return {
    NODE_ENV: settings.NODE_ENV,
    STOREGRAPH_HOST: settings.STOREGRAPH_HOST,
    STOREGRAPH_LOG_LEVEL: settings.STOREGRAPH_LOG_LEVEL ?? 'info',
    STOREGRAPH_POOL_SIZE: String(settings.STOREGRAPH_POOL_SIZE),
    STOREGRAPH_DEADLINE_MS: String(settings.STOREGRAPH_DEADLINE_MS),
    STOREGRAPH_ROLE_PREFIX: settings.STOREGRAPH_ROLE_PREFIX,
  };
}
