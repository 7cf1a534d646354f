import { createHopSigner } from '@storegraph/auth';
import { createLogger, environment, OperatorError } from '@storegraph/core';
import { createPostgresTransport } from '@storegraph/events';
import { httpTransport, startGateway } from '@storegraph/gateway';
import { compose } from '../composition.ts';
import { domainNamed } from '../domains.ts';
import { portOf, portTaken } from '../port.ts';
import { announce } from '../ready.ts';
import { corsOrigins, defaultPort } from '../settings.ts';
import { runUntilStopped } from '../shutdown.ts';
import { startTracing } from '../tracing.ts';

/** Runs the gateway alone, before subgraphs in other processes. */
export async function gateway(options: { readonly port?: string }): Promise<number> {
  const settings = environment();
  const { STOREGRAPH_SUBGRAPH_URLS: urls, STOREGRAPH_HOP_PRIVATE_KEY: privateKey, STOREGRAPH_SIGNALS_URL: signalsUrl } = settings;
  if (!urls || !privateKey || !signalsUrl) {
    throw new OperatorError(
      'The gateway needs STOREGRAPH_SUBGRAPH_URLS, STOREGRAPH_HOP_PRIVATE_KEY and STOREGRAPH_SIGNALS_URL.',
      '`npm run storegraph -- settings gateway` prints them.',
    );
  }
  const log = createLogger({ level: settings.STOREGRAPH_LOG_LEVEL ?? 'info' }).child({ domain: 'gateway' });
  const development = settings.NODE_ENV !== 'production';
  const definitions = Object.keys(urls).map(domainNamed);
  const signer = createHopSigner({ privateKey });
  const port = portOf(options.port, settings.STOREGRAPH_PORT ?? defaultPort);

  return runUntilStopped(async (closing) => {
    closing.defer(await startTracing(settings, 'gateway'));
    const signals = createPostgresTransport({ url: signalsUrl, prefix: settings.STOREGRAPH_ROLE_PREFIX, log });
    closing.defer(() => signals.close());
    const transports = Object.fromEntries(Object.entries(urls).map(([name, url]) => [name, httpTransport({ name, url, signer })]));
    const running = await startGateway({
      supergraphSdl: compose(definitions).supergraphSdl,
      transports,
      exchangers: definitions.filter((definition) => definition.exchange).map((definition) => definition.name),
      host: settings.STOREGRAPH_HOST,
      port,
      deadlineMs: settings.STOREGRAPH_DEADLINE_MS,
      corsOrigins: corsOrigins(settings),
      introspection: settings.STOREGRAPH_INTROSPECTION ?? development,
      trustProxy: settings.STOREGRAPH_TRUST_PROXY,
      metricsToken: settings.STOREGRAPH_METRICS_TOKEN,
      onCredentialChange: (handler) => signals.onSignal('credentials', handler),
      log,
    });
    closing.defer(() => running.close());
    announce(running.url);
  }).catch((error: unknown) => {
    throw portTaken(error, port);
  });
}
