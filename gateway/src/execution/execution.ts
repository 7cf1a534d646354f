import './quiet.ts';
import { ApolloGateway } from '@apollo/gateway';
import { OperatorError, type Logger } from '@storegraph/core';
import { buildSchema, GraphQLError, type GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import { internalMessage } from '../errors.ts';
import type { Metrics } from '../metrics.ts';
import type { SubgraphTransport } from '../transport/transport.ts';
import { fetchShape, type FetchShape } from './answer-shape.ts';
import { subgraphDataSource } from './data-source.ts';

export interface ExecutionOptions {
  readonly supergraphSdl: string;
  readonly transports: Readonly<Record<string, SubgraphTransport>>;
  readonly deadlineMs: number;
  readonly maxEvaluatedPlans: number;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** What Apollo Server needs of whatever plans and executes. */
export interface Execution {
  readonly gateway: Pick<ApolloGateway, 'load' | 'onSchemaLoadOrUpdate' | 'stop'>;
  /** Serves another supergraph from the next request on. Throws, and keeps the one it has, when that can't be used. */
  reload(supergraphSdl: string): void;
}

/** Plans and executes with stock @apollo/gateway, over our transports. */
export function createExecution({ supergraphSdl, transports, deadlineMs, maxEvaluatedPlans, metrics, log }: ExecutionOptions): Execution {
  const shapes = new LRUCache<string, FetchShape>({ max: 2_000 });
  let schema: GraphQLSchema | undefined;
  let update: ((sdl: string) => void) | undefined;

  const shapeOf = (operation: string): FetchShape => {
    if (!schema) throw new Error('No supergraph has been loaded.');
    const known = shapes.get(operation) ?? fetchShape(schema, operation);
    shapes.set(operation, known);
    return known;
  };

  const stock = new ApolloGateway({
    supergraphSdl: (hooks) => {
      update = hooks.update;
      return Promise.resolve({ supergraphSdl });
    },
    buildService: ({ name }) => {
      const transport = transports[name];
      if (!transport) throw new OperatorError(`The supergraph has a subgraph "${name}", of which the gateway knows no address.`);
      return subgraphDataSource({ name, transport, deadlineMs, shapeOf, metrics, log });
    },
    queryPlannerConfig: { debug: { maxEvaluatedPlans } },
    __exposeQueryPlanExperimental: false,
    logger: {
      debug: () => undefined,
      info: () => undefined,
      warn: (text: unknown) => log.warn({}, String(text)),
      error: (text: unknown) => log.error({}, String(text)),
    },
  });
  stock.onSchemaLoadOrUpdate(({ coreSupergraphSdl }) => {
    schema = buildSchema(coreSupergraphSdl, { assumeValid: true, assumeValidSDL: true, noLocation: true });
    shapes.clear();
  });

  return {
    gateway: {
      load: async (options) => {
        const { schema: loaded, executor } = await stock.load(options);
        return { schema: loaded, executor: async (context) => withoutSilentNulls(await executor(context)) };
      },
      onSchemaLoadOrUpdate: (listener) => stock.onSchemaLoadOrUpdate(listener),
      stop: () => stock.stop(),
    },
    reload: (sdl) => update?.(sdl),
  };
}

type Executed = Awaited<ReturnType<Awaited<ReturnType<ApolloGateway['load']>>['executor']>>;

/** The stock executor tells of a null where none may be in an extension, outside `errors`. Clients look for it there. */
function withoutSilentNulls(response: Executed): Executed {
  const found: unknown = response.extensions?.['valueCompletion'];
  if (!Array.isArray(found)) return response;
  const errors = found.map(
    (error: unknown) =>
      new GraphQLError(internalMessage, { path: error instanceof GraphQLError ? error.path : undefined, extensions: { code: 'INTERNAL' } }),
  );
  return { ...response, extensions: undefined, errors: [...(response.errors ?? []), ...errors] };
}
