import type { Logger } from '@storegraph/core';
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import type { RequestContext } from '../context.ts';
import { subgraphUnavailable } from '../errors.ts';
import type { CompiledOperation, CompiledSubscription, OperationAnswer } from '../execution/contract.ts';
import { answerText } from '../execution/engine.ts';
import type { Explaining } from '../explain/asked.ts';
import { createExplanation } from '../explain/explanation.ts';
import { watchFor } from '../explain/watch.ts';
import { named } from '../http/errors.ts';
import { mask } from '../http/mask.ts';
import type { Costs } from '../limits/cost/costs.ts';
import type { Metrics } from '../metrics.ts';
import { NotPrepared, type AskedOperation, type Operations, type PreparedOperation } from '../operations/operations.ts';
import { traced } from '../tracing.ts';
import type { SubgraphTransport } from '../transport/transport.ts';
import { identityKey } from './guard.ts';
import { replays } from './replays.ts';
import type { AnsweredEvent, Listener } from './upstream.ts';
import type { Upstreams } from './upstreams.ts';

/** An operation that is under way for one client. */
export interface Running {
  /** The schema that a subscription was made for; null of a query or mutation, which ends by itself, and of what is still being prepared. */
  readonly live: GraphQLSchema | null;
  /** Nothing is told of it any more, and what it does is given up. */
  cancel(): void;
}

export interface Runner {
  /**
   * Runs one operation of any kind. Tells the listener everything, but nothing before this returns. Never throws. `onLive` is called when it has turned out
   * to be a subscription.
   */
  run(asked: AskedOperation, caller: RequestContext, listener: Listener, onLive: () => void): Running;
}

interface RunnerOptions {
  readonly operations: Operations;
  readonly upstreams: Upstreams;
  readonly transports: Readonly<Record<string, SubgraphTransport>>;
  /** None: operations are not charged. */
  readonly costs: Costs | undefined;
  readonly explaining: Explaining;
  readonly metrics: Metrics;
  readonly log: Logger;
}

export function createRunner({ operations, upstreams, transports, costs, explaining, metrics, log }: RunnerOptions): Runner {
  const numbers = new WeakMap<CompiledOperation, number>();
  let count = 0;
  const numberOf = (compiled: CompiledOperation): number => {
    const known = numbers.get(compiled) ?? (count += 1);
    numbers.set(compiled, known);
    return known;
  };

  /** What a client may see of errors, with the id of the request that met them. */
  function shown(errors: readonly GraphQLFormattedError[], { requestId }: RequestContext): GraphQLFormattedError[] {
    const masked = errors.map(mask);
    for (const { extensions } of masked) metrics.error(String(extensions?.['code']));
    return masked.map((error) => named(error, requestId));
  }

  function refusal(error: unknown, caller: RequestContext): GraphQLFormattedError[] {
    const errors = error instanceof NotPrepared ? error.errors : [error instanceof GraphQLError ? error : new GraphQLError('')];
    const told = shown(
      errors.map((each) => each.toJSON()),
      caller,
    );
    if (told.some(({ extensions }) => extensions?.['code'] === 'INTERNAL'))
      log.error({ requestId: caller.requestId, code: 'INTERNAL', error }, 'an operation could not be run');
    return told;
  }

  const withIds = (answer: OperationAnswer, caller: RequestContext): OperationAnswer =>
    answer.errors.length > 0 ? { ...answer, errors: shown(answer.errors, caller) } : answer;

  /** The answer as text, charged. */
  async function answered(prepared: PreparedOperation, caller: RequestContext, signal: AbortSignal): Promise<string> {
    const { compiled, document, definition, variables } = prepared;
    const { explanation } = caller;
    const charge = await costs?.charge(document, definition, variables, caller);
    const answer = await compiled.execute({ variables, caller, signal, watch: watchFor(explanation) });
    // Whoever gives up has been charged: else to ask and to give up would cost nothing.
    const cost = signal.aborted ? undefined : await charge?.settle(answer.objects);
    const explain = explanation?.report();
    return answerText(withIds(answer, caller), cost || explain ? { ...(cost && { cost }), ...(explain && { explain }) } : undefined);
  }

  /** The answer to one event, explained for itself. */
  async function answeredEvent(
    { compiled, variables }: PreparedOperation,
    subscription: CompiledSubscription,
    payload: unknown,
    { explanation: wanted, ...caller }: RequestContext,
  ): Promise<AnsweredEvent> {
    const explanation = wanted && createExplanation();
    explanation?.planned(compiled.plan);
    const { signal } = caller;
    const answer = await subscription.answer(payload, { variables, caller, signal, watch: watchFor(explanation) });
    return { ...withIds(answer, caller), ...(explanation && { extensions: { explain: explanation.report() } }) };
  }

  function answerOnce(prepared: PreparedOperation, caller: RequestContext, listener: Listener): Running {
    const gone = new AbortController();
    const { signal } = gone;
    traced('graphql', caller.traceparent, () => answered(prepared, caller, signal)).then(
      (text) => {
        if (signal.aborted) return;
        void listener.next(text);
        listener.complete();
      },
      (error: unknown) => {
        if (!signal.aborted) listener.error(refusal(error, caller));
      },
    );
    return { live: null, cancel: () => gone.abort() };
  }

  function subscribe(prepared: PreparedOperation, subscription: CompiledSubscription, caller: RequestContext, listener: Listener): Running {
    const { compiled, variables, schema } = prepared;
    const { explanation } = caller;
    const { subgraph } = subscription;
    const transport = Object.hasOwn(transports, subgraph) ? transports[subgraph] : undefined;
    if (!transport?.subscribe) throw subgraphUnavailable(subgraph);
    const source = transport.subscribe.bind(transport);
    // What is shared is nobody's in particular: of all that is known of a caller only the identity is the same.
    const shared: RequestContext = { ...caller, ip: null, userAgent: null };
    const patient = replays(prepared);
    const key = patient || explanation ? null : `${numberOf(compiled)} ${identityKey(caller.identity)} ${JSON.stringify(variables)}`;
    const open = () => {
      const ended = new AbortController();
      return {
        subgraph,
        patient,
        payloads: source({ ...subscription.source(variables), ...shared, signal: ended.signal }),
        answer: (payload: unknown) =>
          traced('graphql', shared.traceparent, () => answeredEvent(prepared, subscription, payload, { ...shared, signal: ended.signal })),
        end: () => ended.abort(),
      };
    };
    if (!costs) return { live: schema, cancel: upstreams.join(key, open, listener) };
    return { live: schema, cancel: whenCharged(costs, prepared, caller, listener, () => upstreams.join(key, open, listener)) };
  }

  /** To begin costs as much as one event is expected to; events are the server's doing. Gives the function that gives it up. */
  function whenCharged(
    charging: Costs,
    { document, definition, variables }: PreparedOperation,
    caller: RequestContext,
    listener: Listener,
    begin: () => () => void,
  ): () => void {
    let gone = false;
    let leave = () => {
      gone = true;
    };
    charging
      .charge(document, definition, variables, caller)
      .then(() => {
        if (!gone) leave = begin();
      })
      .catch((error: unknown) => {
        if (!gone) listener.error(refusal(error, caller));
      });
    return () => leave();
  }

  return {
    run(asked, caller, listener, onLive) {
      let running: Running | undefined;
      let gone = false;

      async function begin(): Promise<void> {
        const explanation = explaining.begin(asked);
        if (explanation) explaining.ensureAllowed(caller.identity);
        const prepared = await operations.prepare(asked, caller.identity, explanation);
        if (gone) return;
        const { subscription } = prepared.compiled;
        const explained = explanation ? { ...caller, explanation } : caller;
        running = subscription ? subscribe(prepared, subscription, explained, listener) : answerOnce(prepared, explained, listener);
        if (subscription) onLive();
      }

      begin().catch((error: unknown) => {
        if (!gone) listener.error(refusal(error, caller));
      });
      return {
        get live() {
          return running?.live ?? null;
        },
        cancel() {
          gone = true;
          running?.cancel();
        },
      };
    },
  };
}
