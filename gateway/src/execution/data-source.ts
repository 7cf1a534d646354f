import type { GraphQLDataSource } from '@apollo/gateway';
import type { Logger } from '@storegraph/core';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { RequestContext } from '../context.ts';
import { internalMessage, isErrorCode, unavailableMessage } from '../errors.ts';
import type { Metrics } from '../metrics.ts';
import { outgoingTraceparent } from '../tracing.ts';
import { HopFailed, type SubgraphTransport } from '../transport/transport.ts';
import type { FetchShape } from './answer-shape.ts';
import { withDeadline } from './deadline.ts';

export interface Hop {
  readonly name: string;
  readonly transport: SubgraphTransport;
  readonly deadlineMs: number;
  readonly shapeOf: (operation: string) => FetchShape;
  readonly metrics: Metrics;
  readonly log: Logger;
}

interface Answer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly unknown[] | null;
}

/** More errors than this say nothing new of one fetch that failed. */
const maxErrorsPerFetch = 100;

/** Feeds the stock executor from a transport. A fetch that fails becomes errors at the fields that it was to fill, so that the rest of the answer stands. */
export function subgraphDataSource(hop: Hop): GraphQLDataSource<RequestContext> {
  return {
    async process(options) {
      if (options.kind !== 'incoming operation') return { errors: [unavailable(hop.name, undefined)] };
      const { query = '', operationName, variables = {} } = options.request;
      const representations: unknown = variables['representations'];
      const shape = hop.shapeOf(query);
      const caller = options.context;
      const done = hop.metrics.fetch(hop.name);
      try {
        const received = await withDeadline(hop.deadlineMs, (signal, deadline) =>
          hop.transport.execute({
            ...caller,
            query,
            operationName,
            variables,
            traceparent: outgoingTraceparent(caller.traceparent),
            signal,
            deadline,
          }),
        );
        const answer = checked(received, shape, representations);
        done('answered');
        // An answer without data says of no field what became of it.
        const places = answer.data ? [undefined] : missing(shape, representations);
        const errors = (answer.errors ?? []).flatMap((error) => passed(error, places, hop, caller));
        return { data: answer.data ?? null, ...(errors.length > 0 && { errors }) };
      } catch (error) {
        const code = error instanceof HopFailed ? error.code : 'FAILED';
        done(code);
        hop.log.warn({ subgraph: hop.name, requestId: caller.requestId, code, error }, 'a fetch failed');
        return { data: null, errors: missing(shape, representations).map((path) => unavailable(hop.name, path)) };
      }
    },
  };
}

function checked(received: unknown, shape: FetchShape, representations: unknown): Answer {
  if (!isAnswer(received)) throw new HopFailed('BAD_SHAPE');
  if (!shape.fits(received.data)) throw new HopFailed('BAD_SHAPE');
  const entities = received.data?.['_entities'];
  if (received.data && Array.isArray(representations) && !(Array.isArray(entities) && entities.length === representations.length)) {
    throw new HopFailed('BAD_SHAPE');
  }
  return received;
}

function isAnswer(value: unknown): value is Answer {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { data, errors } = value as Record<string, unknown>;
  if (errors !== undefined && errors !== null && !Array.isArray(errors)) return false;
  if (data === undefined || data === null) return Array.isArray(errors) && errors.length > 0;
  return typeof data === 'object' && !Array.isArray(data);
}

type Path = readonly (string | number)[];

/** The paths, inside the fetch, of the fields that stay empty without it. */
function missing(shape: FetchShape, representations: unknown): Path[] {
  if (!Array.isArray(representations)) return shape.keys().map((key) => [key]);
  const paths = representations.flatMap((representation: { __typename?: string }, index) =>
    shape.keys(representation.__typename).map((key) => ['_entities', index, key]),
  );
  return paths.slice(0, maxErrorsPerFetch);
}

const unavailable = (name: string, path: Path | undefined) =>
  new GraphQLError(unavailableMessage(name), { path, extensions: { code: 'SUBGRAPH_UNAVAILABLE' } });

/** An error of the subgraph's own: with one of our codes it passes with its message, else it is masked and goes to the log. One without a path stands at `places`. */
function passed(error: unknown, places: readonly (Path | undefined)[], hop: Hop, { requestId }: RequestContext): GraphQLError[] {
  const { message, path, extensions } = (typeof error === 'object' && error !== null ? error : {}) as Partial<GraphQLFormattedError>;
  const at = Array.isArray(path) && path.every((key) => typeof key === 'string' || typeof key === 'number') ? [path] : places;
  const code = extensions?.['code'];
  if (isErrorCode(code) && code !== 'INTERNAL' && typeof message === 'string') {
    return at.map((each) => new GraphQLError(message, { path: each, extensions: { code } }));
  }
  if (code !== 'INTERNAL') {
    const said = typeof code === 'string' ? { code } : {};
    hop.log.error({ subgraph: hop.name, requestId, ...said }, 'a subgraph answered with an error of no known code');
  }
  return at.map((each) => new GraphQLError(internalMessage, { path: each, extensions: { code: 'INTERNAL' } }));
}
