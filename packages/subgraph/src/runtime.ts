import { setMaxListeners } from 'node:events';
import type { Credential, Identity, Sealer } from '@storegraph/auth';
import { newId, systemClock, type Clock, type Logger } from '@storegraph/core';
import type { Pool } from '@storegraph/database';
import { onAnnounce } from '@storegraph/events';
import { execute, getOperationAST, GraphQLError, type FormattedExecutionResult } from 'graphql';
import { Registry } from 'prom-client';
import { watchDeadline } from './deadline.ts';
import type { SubgraphDefinition } from './definition.ts';
import { createDocuments } from './documents.ts';
import { withEnv, withEnvWhileSent } from './env.ts';
import { publicError, PublicError, type PublicAnswerError } from './errors.ts';
import { isReady } from './health.ts';
import { createHubs, type HubHost } from './hub.ts';
import { createInFlight } from './in-flight.ts';
import { createContext, type SubgraphRequest } from './request.ts';
import { matchRoute, type PublicCaller } from './routes.ts';
import { answersOf } from './subscribe.ts';
import { createTelemetry } from './telemetry.ts';

export interface SubgraphRuntime {
  readonly name: string;
  readonly sdl: string;
  readonly reactions: SubgraphDefinition['reactions'];
  readonly jobs: SubgraphDefinition['jobs'];
  /** What the domain needs done before it serves. */
  start(): Promise<void>;
  /** Runs one operation and gives the answer as it goes over HTTP. Never rejects. */
  execute(request: SubgraphRequest): Promise<FormattedExecutionResult>;
  /**
   * Runs a subscription: gives an answer for each event, until it is returned, its request's signal aborts, or this process closes, which it says with
   * SUBGRAPH_UNAVAILABLE. What ends it early stands in its last answer. Never rejects.
   */
  subscribe(request: SubgraphRequest): AsyncIterableIterator<FormattedExecutionResult, void>;
  /** Only of an issuer of identities. */
  readonly exchange?: (credential: Credential) => Promise<Identity | null>;
  /** Answers a request for a path under `/public/`. Never rejects. */
  handlePublic(request: Request, caller: PublicCaller): Promise<Response>;
  /** Whether the database answers and has this version's migrations. False once closing. */
  health(): Promise<boolean>;
  readonly metrics: Registry;
  /** Takes no more requests, waits for those that run, at most `graceMs`, then aborts them. */
  close(): Promise<void>;
}

export interface RuntimeOptions {
  readonly pool: Pool;
  readonly log: Logger;
  readonly sealer: Sealer;
  readonly clock?: Clock;
  /** Tells that something may have been committed by any process; without it, of what this process commits alone. */
  readonly onWake?: HubHost['onWake'];
  /** Shared by the subgraphs of one process. */
  readonly metrics?: Registry;
  readonly graceMs?: number;
}

export function createRuntime(definition: SubgraphDefinition, options: RuntimeOptions): SubgraphRuntime {
  const { pool, sealer, clock = systemClock, metrics = new Registry(), graceMs = 8_000 } = options;
  const { name, schema, exchange, start } = definition;
  const log = options.log.child({ subgraph: name });
  const documents = createDocuments(schema);
  const telemetry = createTelemetry(name, metrics);
  const inFlight = createInFlight();
  const hubs = createHubs({ domain: name, pool, log, onWake: options.onWake ?? onAnnounce, track: inFlight.track });
  const parts = { domain: name, pool, clock, log, services: { sealer }, hubs };
  const leaving = new AbortController();
  setMaxListeners(0, leaving.signal);

  /** An answer, and the kind of its operation for the metrics. */
  async function answer(request: SubgraphRequest): Promise<{ kind: string; answer: FormattedExecutionResult }> {
    const refuse = (kind: string, ...errors: GraphQLError[]) => ({
      kind,
      answer: { errors: errors.map((error) => publicError(error, { requestId: request.requestId, log })) },
    });
    if (inFlight.closing()) return refuse('unknown', unavailable('The subgraph is shutting down.'));
    const prepared = documents(request.query);
    if ('errors' in prepared) return refuse('invalid', ...prepared.errors);
    const operation = getOperationAST(prepared.document, request.operationName);
    if (!operation) return refuse('invalid', new GraphQLError('Name the one operation to run.'));
    const kind = operation.operation;
    if (kind === 'subscription') return refuse('invalid', new GraphQLError('Subscriptions are not served over this connection.'));

    const watch = watchDeadline(request, inFlight.onGivenUp);
    const ctx = createContext(parts, request, watch.signal);
    try {
      const running = execute({
        schema,
        document: prepared.document,
        contextValue: ctx,
        variableValues: request.variables ?? null,
        operationName: request.operationName ?? null,
      });
      const result = await Promise.race([running, watch.aborted]);
      if (result === 'aborted') return refuse(kind, unavailable('The answer took too long.'));
      const { data, errors } = result;
      const shown: PublicAnswerError[] | undefined = errors?.map((error) =>
        publicError(error, { requestId: request.requestId, log, operation: operation.name?.value ?? kind }),
      );
      return { kind, answer: { ...(shown ? { errors: shown } : {}), ...(data === undefined ? {} : { data }) } };
    } catch (error) {
      return refuse(kind, new GraphQLError('The execution failed.', { originalError: asError(error) }));
    } finally {
      watch.done();
      // Not awaited: the client need not wait for the end of a transaction that only read.
      void inFlight.track(
        ctx.end().catch((error: unknown) => log.warn({ requestId: request.requestId, error }, 'A read transaction did not end well.')),
      );
    }
  }

  return {
    name,
    sdl: definition.sdl,
    reactions: definition.reactions,
    jobs: definition.jobs,
    start: async () => {
      if (start) await withEnv(parts, newId('req'), start);
    },
    metrics,
    execute: (request) =>
      inFlight.track(
        telemetry.inSpan(request.operationName ?? 'operation', request.traceparent, async (span) => {
          const startedAt = performance.now();
          const { kind, answer: given } = await answer(request);
          telemetry.request(kind, startedAt, codesOf(given), span);
          return given;
        }),
      ),
    ...(exchange && {
      exchange: (credential: Credential) => inFlight.track(withEnv(parts, newId('req'), (env) => exchange(env, credential))),
    }),
    subscribe: (request) => endable(request, (signal) => live(request, signal)),
    handlePublic: (request, caller) => inFlight.track(answerPublic(request, caller)),
    health: () => (inFlight.closing() ? Promise.resolve(false) : isReady(pool, name)),
    close: () => {
      leaving.abort();
      return inFlight.close(graceMs);
    },
  };

  async function* live(request: SubgraphRequest, ended: AbortSignal): AsyncGenerator<FormattedExecutionResult, void> {
    const { requestId } = request;
    const failed = (...errors: GraphQLError[]) => ({ errors: errors.map((error) => publicError(error, { requestId, log })) });
    const away = () => failed(unavailable('The subgraph is shutting down.'));
    if (inFlight.closing()) return void (yield away());
    const prepared = documents(request.query);
    if ('errors' in prepared) return void (yield failed(...prepared.errors));
    const operation = getOperationAST(prepared.document, request.operationName);
    if (operation?.operation !== 'subscription') return void (yield failed(new GraphQLError('Name the one subscription to run.')));

    const signal = AbortSignal.any([ended, leaving.signal]);
    const done = telemetry.subscription();
    try {
      yield* answersOf({
        schema,
        document: prepared.document,
        request,
        signal,
        contextOf: () => createContext(parts, request, signal),
        shown: ({ data, errors }) => ({
          ...(errors ? failed(...(errors as GraphQLError[])) : {}),
          ...(data === undefined ? {} : { data }),
        }),
        failed: (error) => failed(new GraphQLError('The subscription failed.', { originalError: asError(error) })),
      });
      if (leaving.signal.aborted && !ended.aborted) yield away();
    } catch (error) {
      yield failed(new GraphQLError('The subscription failed.', { originalError: asError(error) }));
    } finally {
      done();
    }
  }

  async function answerPublic(request: Request, caller: PublicCaller): Promise<Response> {
    try {
      const match = await matchRoute(definition.routes, request);
      if ('status' in match) return new Response(null, { status: match.status });
      const { route, params, body } = match;
      const within = route.streams === true ? withEnvWhileSent : withEnv;
      return await within(parts, caller.requestId, (env) => route.handler({ ...caller, request, params, body }, env));
    } catch (error) {
      log.error(
        { requestId: caller.requestId, method: request.method, path: new URL(request.url).pathname, error },
        'A public route failed.',
      );
      return Response.json({ code: 'INTERNAL', requestId: caller.requestId }, { status: 500 });
    }
  }
}

const asError = (error: unknown) => (error instanceof Error ? error : new Error(String(error)));

/** Ends at once when it is returned, though it waits for an event: a generator alone would first wait for that. */
function endable<T>({ signal }: SubgraphRequest, run: (ended: AbortSignal) => AsyncGenerator<T, void>): AsyncIterableIterator<T, void> {
  const controller = new AbortController();
  const running = run(signal ? AbortSignal.any([signal, controller.signal]) : controller.signal);
  return {
    next: () => running.next(),
    return: () => {
      controller.abort();
      return running.return();
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

const unavailable = (message: string) => new GraphQLError(message, { originalError: new PublicError('SUBGRAPH_UNAVAILABLE', message) });

const codesOf = ({ errors = [] }: FormattedExecutionResult) => [...new Set(errors.map((error) => String(error.extensions?.['code'])))];
