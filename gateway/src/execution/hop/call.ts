import type { Logger } from '@storegraph/core';
import type { RequestContext } from '../../context.ts';
import { unavailableMessage } from '../../errors.ts';
import type { Metrics } from '../../metrics.ts';
import { outgoingTraceparent } from '../../tracing.ts';
import { HopFailed, type SubgraphRequest, type SubgraphTransport } from '../../transport/transport.ts';
import type { FetchAnswer, FetchRequest, FetchShape, SubgraphCall, SubgraphReceive } from '../contract.ts';
import { lazyVariables } from '../compile/request.ts';
import { withDeadline } from '../deadline.ts';
import { isObject } from '../own.ts';
import { shownErrors } from './shown-error.ts';

export interface HopOptions {
  readonly transports: Readonly<Record<string, SubgraphTransport>>;
  readonly deadlineMs: number;
  readonly metrics: Metrics;
  readonly log: Logger;
}

export interface Hop {
  readonly call: SubgraphCall;
  readonly receive: SubgraphReceive;
}

/** The way from the engine to the subgraphs. Whatever goes wrong on it becomes an error that a client may see, and is logged. */
export function createHop({ transports, deadlineMs, metrics, log }: HopOptions): Hop {
  /** What a subgraph sent, if it can be used. Throws HopFailed. */
  function checked(
    subgraph: string,
    shape: FetchShape,
    received: unknown,
    representations: number | undefined,
    { requestId }: RequestContext,
  ) {
    if (!isAnswer(received) || !shape.fits(received.data)) throw new HopFailed('BAD_SHAPE');
    const { data = null, errors } = received;
    if (data && representations !== undefined) {
      const entities = data['_entities'];
      if (!Array.isArray(entities) || entities.length !== representations) throw new HopFailed('BAD_SHAPE');
    }
    return { data, errors: errors ? shownErrors(errors, { subgraph, requestId, log }) : none };
  }

  function failed(subgraph: string, { requestId }: RequestContext, error: unknown): FetchAnswer {
    log.warn({ subgraph, requestId, code: codeOf(error), error }, 'a fetch failed');
    return { data: null, errors: [{ message: unavailableMessage(subgraph), extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }] };
  }

  return {
    async call(subgraph, fetch, caller, signal) {
      const done = metrics.fetch(subgraph);
      try {
        const send = (until: AbortSignal, deadline: number) => {
          const transport = transports[subgraph];
          if (!transport) throw new Error(`The gateway knows no address of "${subgraph}".`);
          const traceparent = outgoingTraceparent(caller.traceparent);
          return transport.execute(hopRequest(fetch, { ...caller, traceparent, signal: until, deadline }));
        };
        const received = await withDeadline(deadlineMs, send, signal);
        const answer = checked(subgraph, fetch.shape, received, fetch.representations, caller);
        done('answered');
        return answer;
      } catch (error) {
        if (signal?.aborted) {
          done('GIVEN_UP');
          return { data: null, errors: none };
        }
        done(codeOf(error));
        return failed(subgraph, caller, error);
      }
    },
    receive(subgraph, shape, payload, caller) {
      try {
        return checked(subgraph, shape, payload, undefined, caller);
      } catch (error) {
        return failed(subgraph, caller, error);
      }
    },
  };
}

/** The variables as an object are made only for who reads them: over HTTP nobody does. */
const hopRequest = (
  { query, operationName, variablesText }: FetchRequest,
  rest: Omit<SubgraphRequest, 'query' | 'variables'>,
): SubgraphRequest => Object.assign(Object.create(lazyVariables) as typeof lazyVariables, rest, { query, operationName, variablesText });

const none: FetchAnswer['errors'] = [];

const codeOf = (error: unknown) => (error instanceof HopFailed ? error.code : 'FAILED');

interface Answer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly unknown[] | null;
}

function isAnswer(value: unknown): value is Answer {
  if (!isObject(value)) return false;
  const { data, errors } = value;
  if (errors !== undefined && errors !== null && !Array.isArray(errors)) return false;
  if (data === undefined || data === null) return Array.isArray(errors) && errors.length > 0;
  return isObject(data);
}
