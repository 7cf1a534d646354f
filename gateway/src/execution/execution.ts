import type { ApolloServerOptionsWithGateway, BaseContext } from '@apollo/server';
import { OperatorError, type Logger } from '@storegraph/core';
import { GraphQLError, validate, type GraphQLSchema } from 'graphql';
import type { RequestContext } from '../context.ts';
import { watchFor } from '../explain/watch.ts';
import type { Metrics } from '../metrics.ts';
import type { SubgraphTransport } from '../transport/transport.ts';
import type { Engine } from './contract.ts';
import { startEngine, type PlanningEngine } from './engine.ts';
import { createHop } from './hop/call.ts';
import { createThreads } from './plan/threads.ts';
import { readyData } from './ready-data.ts';

type GatewayInterface = ApolloServerOptionsWithGateway<BaseContext>['gateway'];

export interface ExecutionOptions {
  readonly supergraphSdl: string;
  readonly transports: Readonly<Record<string, SubgraphTransport>>;
  readonly deadlineMs: number;
  readonly maxEvaluatedPlans: number;
  /** How much CPU planning one operation may take, in milliseconds. Infinite: it is planned in this thread, and may take as long as it likes. */
  readonly planningMs: number;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** What serves the graph needs of whatever plans and executes. */
export interface Execution {
  /** For Apollo Server. The data of its answers is text already: see `stringifyAnswer`. */
  readonly gateway: GatewayInterface;
  /** The engine that requests begin with from now on. */
  engine(): Engine;
  /**
   * Reads another supergraph, and gives the function that puts it in force: it serves from the next request on; those under way end with the one that they
   * began with. Rejects, and keeps the one it has, when that can't be used. One at a time.
   */
  prepare(supergraphSdl: string): Promise<() => void>;
  /** Nothing is planned from here on. */
  close(): Promise<void>;
}

/** How many operations a new engine is warmed with, and for how long at most: in place, planning holds up everybody else. */
const warmOperations = 100;
const warmMs = { aside: 30_000, inPlace: 200 };

/** Rejects when the supergraph can't be used, or has a subgraph that the gateway can't reach. */
export async function createExecution({ transports, maxEvaluatedPlans, planningMs, ...options }: ExecutionOptions): Promise<Execution> {
  const parts = {
    ...createHop({ transports, ...options }),
    maxEvaluatedPlans,
    onPlanning: options.metrics.planning,
    onCache: options.metrics.plans,
  };
  const threads = createThreads();
  const engines = new WeakMap<GraphQLSchema, Engine>();
  type Listener = Parameters<GatewayInterface['onSchemaLoadOrUpdate']>[0];
  const listeners = new Set<Listener>();
  let { supergraphSdl } = options;
  let current = await make(supergraphSdl);
  options.metrics.plansKept(() => current.kept());

  async function make(sdl: string): Promise<PlanningEngine> {
    const engine = Number.isFinite(planningMs) ? await startEngine(sdl, { ...parts, withinMs: planningMs, threads }) : await inPlace(sdl);
    const unknown = engine.subgraphs.find((name) => !transports[name]);
    if (unknown === undefined) {
      engines.set(engine.schema, engine);
      return engine;
    }
    engine.retire();
    throw new OperatorError(`The supergraph has a subgraph "${unknown}", of which the gateway knows no address.`);
  }

  async function inPlace(sdl: string): Promise<PlanningEngine> {
    // Loaded only where it is needed: the planner takes some 25 MB, and a gateway has it in its thread.
    const { createEngine } = await import('./in-place.ts');
    return { ...createEngine(sdl, parts), retire: () => undefined };
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
    async prepare(sdl) {
      if (sdl === supergraphSdl) return () => undefined;
      const next = await make(sdl);
      await warm(next, current, Number.isFinite(planningMs) ? warmMs.aside : warmMs.inPlace);
      return () => {
        const last = current;
        [current, supergraphSdl] = [next, sdl];
        for (const listener of listeners) listener(event());
        last.retire();
      };
    },
    close: () => threads.close(),
  };

  type Executor = NonNullable<Awaited<ReturnType<GatewayInterface['load']>>['executor']>;

  async function executor({ schema, document, request, context }: Parameters<Executor>[0]): ReturnType<Executor> {
    // The document was validated against this schema, which may have been replaced since.
    const engine = engines.get(schema) ?? current;
    const caller = context as unknown as RequestContext;
    const { signal, explanation } = caller;
    const planned = explanation?.begin('planning');
    const operation = await engine.operation(document, request.operationName);
    planned?.();
    explanation?.planned(operation.plan);
    const watch = watchFor(explanation);
    const { data, errors, objects } = await operation.execute({ variables: request.variables ?? {}, caller, signal, watch });
    // Nobody is there to be told.
    if (signal?.aborted) return { data: readyData('null', 0) };
    return {
      ...(data !== undefined && { data: readyData(data, objects) }),
      ...(errors.length > 0 && { errors: errors.map(({ message, ...rest }) => new GraphQLError(message, rest)) }),
    };
  }
}

/** Plans what is asked for most before anybody asks for it. What no longer fits the schema, or has no plan any more, is left out: whoever asks for it is told. */
async function warm(next: Engine, old: Engine, withinMs: number): Promise<void> {
  const until = performance.now() + withinMs;
  for (const { document, operationName } of old.hottest(warmOperations)) {
    if (performance.now() > until) return;
    if (validate(next.schema, document).length > 0) continue;
    await next.operation(document, operationName).catch(() => undefined);
  }
}
