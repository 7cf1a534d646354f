import type { Credential, Identity, Sealer } from '@storegraph/auth';
import { newId, systemClock, type Clock, type Logger } from '@storegraph/core';
import type { Pool } from '@storegraph/database';
import { execute, getOperationAST, GraphQLError, type FormattedExecutionResult } from 'graphql';
import { Registry } from 'prom-client';
import { watchDeadline } from './deadline.ts';
import type { SubgraphDefinition } from './definition.ts';
import { createDocuments } from './documents.ts';
import { withEnv } from './env.ts';
import { publicError, PublicError, type PublicAnswerError } from './errors.ts';
import { isReady } from './health.ts';
import { createInFlight } from './in-flight.ts';
import { createContext, type SubgraphRequest } from './request.ts';
import { matchRoute, type PublicCaller } from './routes.ts';
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
  /** Shared by the subgraphs of one process. */
  readonly metrics?: Registry;
  readonly graceMs?: number;
}

export function createRuntime(definition: SubgraphDefinition, options: RuntimeOptions): SubgraphRuntime {
  const { pool, sealer, clock = systemClock, metrics = new Registry(), graceMs = 8_000 } = options;
  const { name, schema, exchange, start } = definition;
  const log = options.log.child({ subgraph: name });
  const parts = { domain: name, pool, clock, log, services: { sealer } };
  const documents = createDocuments(schema);
  const telemetry = createTelemetry(name, metrics);
  const inFlight = createInFlight();

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

    const watch = watchDeadline(request, inFlight.signal);
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
      return refuse(
        kind,
        new GraphQLError('The execution failed.', { originalError: error instanceof Error ? error : new Error(String(error)) }),
      );
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
    handlePublic: (request, caller) => inFlight.track(answerPublic(request, caller)),
    health: () => (inFlight.closing() ? Promise.resolve(false) : isReady(pool, name)),
    close: () => inFlight.close(graceMs),
  };

  async function answerPublic(request: Request, caller: PublicCaller): Promise<Response> {
    try {
      const match = await matchRoute(definition.routes, request);
      if ('status' in match) return new Response(null, { status: match.status });
      const { route, params, body } = match;
      return await withEnv(parts, caller.requestId, (env) => route.handler({ ...caller, request, params, body }, env));
    } catch (error) {
      log.error(
        { requestId: caller.requestId, method: request.method, path: new URL(request.url).pathname, error },
        'A public route failed.',
      );
      return Response.json({ code: 'INTERNAL', requestId: caller.requestId }, { status: 500 });
    }
  }
}

const unavailable = (message: string) => new GraphQLError(message, { originalError: new PublicError('SUBGRAPH_UNAVAILABLE', message) });

const codesOf = ({ errors = [] }: FormattedExecutionResult) => [...new Set(errors.map((error) => String(error.extensions?.['code'])))];
