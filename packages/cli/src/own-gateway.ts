import { createHopSigner } from '@storegraph/auth';
import { OperatorError } from '@storegraph/core';
import { createPostgresTransport } from '@storegraph/events';
import { httpTransport, startGateway } from '@storegraph/gateway';
import type { LoneGateway, StartGateway } from './commands/gateway.ts';
import { compose } from './composition.ts';
import { domainNamed } from './domains.ts';
import { corsOrigins, operationRules } from './graph-options.ts';
import { readSupergraph } from './supergraph-file.ts';

/**
 * The product's gateway, before our subgraphs: it holds the key that signs each hop, and hears of changed rights. Throws an OperatorError when it
 * was not told what it needs.
 */
export async function ownGateway({ settings, port, supergraph, log }: LoneGateway): Promise<StartGateway> {
  const { STOREGRAPH_SUBGRAPH_URLS: urls, STOREGRAPH_HOP_PRIVATE_KEY: privateKey, STOREGRAPH_SIGNALS_URL: signalsUrl } = settings;
  if (!urls || !privateKey || !signalsUrl) {
    throw new OperatorError(
      'The gateway needs STOREGRAPH_SUBGRAPH_URLS, STOREGRAPH_HOP_PRIVATE_KEY and STOREGRAPH_SIGNALS_URL.',
      '`npm run storegraph -- settings gateway` prints them.',
    );
  }
  const development = settings.NODE_ENV !== 'production';
  const definitions = Object.keys(urls).map(domainNamed);
  const supergraphSdl = supergraph === undefined ? compose(definitions).supergraphSdl : await readSupergraph(supergraph);
  const rules = operationRules(settings, signalsUrl);
  const signer = createHopSigner({ privateKey });

  return (closing) => {
    const signals = createPostgresTransport({ url: signalsUrl, prefix: settings.STOREGRAPH_ROLE_PREFIX, log });
    closing.defer(() => signals.close());
    return startGateway({
      supergraphSdl,
      transports: Object.fromEntries(Object.entries(urls).map(([name, url]) => [name, httpTransport({ name, url, signer })])),
      exchangers: definitions.filter((definition) => definition.exchange).map((definition) => definition.name),
      host: settings.STOREGRAPH_HOST,
      port,
      deadlineMs: settings.STOREGRAPH_DEADLINE_MS,
      corsOrigins: corsOrigins(settings),
      introspection: settings.STOREGRAPH_INTROSPECTION ?? development,
      trustProxy: settings.STOREGRAPH_TRUST_PROXY,
      metricsToken: settings.STOREGRAPH_METRICS_TOKEN,
      ...rules,
      onCredentialChange: (handler) => signals.onSignal('credentials', handler),
      log,
    });
  };
}
