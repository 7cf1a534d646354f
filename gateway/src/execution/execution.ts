import type { ApolloServerOptionsWithGateway, BaseContext } from '@apollo/server';
import { OperatorError, type Logger } from '@storegraph/core';
import { GraphQLError, validate, type GraphQLSchema } from 'graphql';
import type { RequestContext } from '../context.ts';
import type { Metrics } from '../metrics.ts';
import type { SubgraphTransport } from '../transport/transport.ts';
import type { Engine } from './contract.ts';
import { createEngine } from './engine.ts';
import { createHop } from './hop/call.ts';
import { readyData } from './ready-data.ts';

type GatewayInterface = ApolloServerOptionsWithGateway<BaseContext>['gateway'];

export interface ExecutionOptions {
  readonly supergraphSdl: string;
  readonly transports: Readonly<Record<string, SubgraphTransport>>;
  readonly deadlineMs: number;
  readonly maxEvaluatedPlans: number;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** What serves the graph needs of whatever plans and executes. */
export interface Execution {
  /** For Apollo Server. The data of its answers is text already: see `stringifyAnswer`. */
  readonly gateway: GatewayInterface;
  /** The engine that requests begin with from now on. */
  engine(): Engine;
  /** Serves another supergraph from the next request on; those under way end with the one that they began with. Throws, and keeps the one it has, when that can't be used. */
  reload(supergraphSdl: string): void;
}

/** How many operations a new engine is warmed with, and for how long at most: planning holds up everybody else. */
const warmOperations = 100;
const warmMs = 200;

/** Throws when the supergraph can't be used, or has a subgraph that the gateway can't reach. */
export function createExecution({ transports, maxEvaluatedPlans, ...options }: ExecutionOptions): Execution {
  const hop = createHop({ transports, ...options });
  const engines = new WeakMap<GraphQLSchema, Engine>();
  type Listener = Parameters<GatewayInterface['onSchemaLoadOrUpdate']>[0];
  const listeners = new Set<Listener>();
  let { supergraphSdl } = options;
  let current = make(supergraphSdl);

  function make(sdl: string): Engine {
    const engine = createEngine(sdl, { ...hop, maxEvaluatedPlans });
    for (const name of engine.subgraphs)
      if (!transports[name]) throw new OperatorError(`The supergraph has a subgraph "${name}", of which the gateway knows no address.`);
    engines.set(engine.schema, engine);
    return engine;
  }

  const event = () => ({ apiSchema: current.schema, coreSupergraphSdl: supergraphSdl });

  return {
    engine: () => current,
    gateway: {
      load: () => {
        for (const listener of listeners) listener(event());
        return Promise.resolve({ schema: current.schema, executor });
      },
      onSchemaLoadOrUpdate(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      stop: () => Promise.resolve(),
    },
    reload(sdl) {
      if (sdl === supergraphSdl) return;
      const next = make(sdl);
      warm(next, current);
      [current, supergraphSdl] = [next, sdl];
      for (const listener of listeners) listener(event());
    },
  };

  type Executor = NonNullable<Awaited<ReturnType<GatewayInterface['load']>>['executor']>;

  async function executor({ schema, document, request, context }: Parameters<Executor>[0]): ReturnType<Executor> {
    // The document was validated against this schema, which may have been replaced since.
    const engine = engines.get(schema) ?? current;
    const caller = context as unknown as RequestContext;
    const { signal } = caller;
    const operation = engine.operation(document, request.operationName);
    const { data, errors, objects } = await operation.execute({ variables: request.variables ?? {}, caller, signal });
    // Nobody is there to be told.
    if (signal?.aborted) return { data: readyData('null', 0) };
    return {
      ...(data !== undefined && { data: readyData(data, objects) }),
      ...(errors.length > 0 && { errors: errors.map(({ message, ...rest }) => new GraphQLError(message, rest)) }),
    };
  }
}

/** Plans what is asked for most before anybody asks for it. What no longer fits the schema, or has no plan any more, is left out: whoever asks for it is told. */
function warm(next: Engine, old: Engine): void {
  const until = performance.now() + warmMs;
  for (const { document, operationName } of old.hottest(warmOperations)) {
    if (performance.now() > until) return;
    if (validate(next.schema, document).length > 0) continue;
    try {
      next.operation(document, operationName);
    } catch {
      continue;
    }
  }
}
