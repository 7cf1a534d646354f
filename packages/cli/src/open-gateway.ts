import { OperatorError } from '@storegraph/core';
import { httpTransport, startGateway } from '@storegraph/gateway';
import { GraphQLError } from 'graphql';
import type { LoneGateway, StartGateway } from './commands/gateway.ts';
import { readSupergraph, subgraphUrls } from './supergraph-file.ts';

/**
 * A gateway before subgraphs that are not ours, found where the supergraph says: nobody has an identity, nothing is signed, the schema is open to
 * everybody. Throws an OperatorError when the supergraph can't be used.
 */
export async function openGateway({ settings, port, supergraph, log }: LoneGateway): Promise<StartGateway> {
  if (supergraph === undefined) throw new OperatorError('An open gateway needs a supergraph.', 'Name it: --open --supergraph FILE');
  if (settings.STOREGRAPH_HOP_PRIVATE_KEY) {
    throw new OperatorError(
      "STOREGRAPH_HOP_PRIVATE_KEY is set: these are a deployment's settings, and an open gateway has no identities.",
      'Leave out --open, or the settings.',
    );
  }
  const supergraphSdl = await readSupergraph(supergraph);
  const urls = Object.entries(subgraphUrls(supergraphSdl));

  return () =>
    startGateway({
      supergraphSdl,
      transports: Object.fromEntries(
        urls.map(([name, { origin, pathname, search }]) => [
          name,
          httpTransport({ name, url: origin, path: `${pathname}${search}`, signer: null }),
        ]),
      ),
      exchangers: 'nobody',
      host: settings.STOREGRAPH_HOST,
      port,
      deadlineMs: settings.STOREGRAPH_DEADLINE_MS,
      introspection: true,
      metricsToken: settings.STOREGRAPH_METRICS_TOKEN,
      log,
    }).catch((error: unknown) => {
      throw error instanceof GraphQLError ? unusable(error) : error;
    });
}

/** Of the many faults that one mistake makes, the first; in one line, without the schema that stands around it. */
function unusable(error: GraphQLError): OperatorError {
  const fault = error.message.split('\n').find((line) => line !== '' && !line.endsWith('Caused by:'));
  return new OperatorError(`The supergraph can not be used: ${fault ?? error.message}`, null, { cause: error });
}
