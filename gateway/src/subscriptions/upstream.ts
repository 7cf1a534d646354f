import type { Logger } from '@storegraph/core';
import type { GraphQLFormattedError } from 'graphql';
import type { OperationAnswer } from '../execution/contract.ts';
import { answerText } from '../execution/engine.ts';
import { HopFailed } from '../transport/transport.ts';

export interface AnsweredEvent extends OperationAnswer {
  readonly extensions?: Record<string, unknown>;
}

/** Where the events of a subscription come from, and what becomes of each. */
export interface UpstreamSource {
  readonly subgraph: string;
  readonly payloads: AsyncIterableIterator<unknown, void>;
  /** Whether its one listener may hold it back: what came behind a cursor comes all at once. */
  readonly patient: boolean;
  answer(payload: unknown): Promise<AnsweredEvent>;
  /** Nobody listens any more: gives up what is under way, at the subgraph too. */
  end(): void;
}

export interface Listener {
  /** One answer, as JSON text. May give what to wait for before the next. */
  next(text: string): Promise<void> | undefined;
  /** The subgraph said that there is no more. */
  complete(): void;
  /** The subgraph said why there is no more. */
  error(errors: readonly GraphQLFormattedError[]): void;
  /** The subgraph is gone. What it would have said meanwhile is not known here. */
  lost(): void;
}

export interface Upstream {
  /** Gives the function that leaves. */
  join(listener: Listener): () => void;
}

interface Options {
  readonly answersAtOnce: number;
  readonly log: Logger;
  readonly onEnd: () => void;
}

type Tell = (listener: Listener) => Promise<void> | undefined;

/** Reads one subscription of a subgraph for all who listen. Answers are made several at a time, and told in the order of their events. */
export function createUpstream(
  { subgraph, payloads, patient, answer, end: giveUp }: UpstreamSource,
  { answersAtOnce, log, onEnd }: Options,
): Upstream {
  const listeners = new Set<Listener>();
  let ended = false;

  /** Gives what to wait for before more is told. */
  function tell(what: Tell): Promise<void> | undefined {
    let wait: Promise<void> | undefined;
    for (const listener of [...listeners]) if (listeners.has(listener)) wait = what(listener);
    return patient ? wait : undefined;
  }

  function end(what?: Tell): undefined {
    if (ended) return;
    ended = true;
    onEnd();
    if (what) void tell(what);
    listeners.clear();
    giveUp();
    payloads.return?.().catch(() => undefined);
  }

  async function pass(payload: unknown): Promise<Tell> {
    const made = await answer(payload);
    // Without data the subgraph speaks of the subscription, and not of an event.
    if (hasNoData(payload)) return last((listener) => listener.error(made.errors));
    const text = answerText(made, made.extensions);
    return (listener) => listener.next(text);
  }

  function lose(error: unknown): void {
    if (ended) return;
    log.warn({ subgraph, code: error instanceof HopFailed ? error.code : 'FAILED', error }, 'a subscription was lost upstream');
    end(last((listener) => listener.lost()));
  }

  async function read(): Promise<void> {
    const told: Promise<void>[] = [];
    try {
      for await (const payload of payloads) {
        const telling = inTurn(told.at(-1), pass(payload), hasNoData(payload) ? end : tell);
        // At once, and not only when more events have come: nothing is told past it.
        telling.catch(lose);
        told.push(telling);
        if (told.length >= answersAtOnce) await told.shift();
        if (ended) break;
      }
    } finally {
      await told.at(-1);
    }
  }

  read().then(() => end(last((listener) => listener.complete())), lose);

  return {
    join(listener) {
      listeners.add(listener);
      return () => {
        if (!listeners.delete(listener) || listeners.size > 0) return;
        end();
      };
    },
  };
}

/** After this nothing is told, so nobody has to be waited for. */
const last =
  (tell: (listener: Listener) => void): Tell =>
  (listener) => {
    tell(listener);
    return undefined;
  };

/** What is made is done when what came before it has been. */
async function inTurn<T>(
  before: Promise<void> | undefined,
  making: Promise<T>,
  work: (made: T) => Promise<void> | undefined,
): Promise<void> {
  // Else its failure would count as unhandled while the others are waited for.
  making.catch(() => undefined);
  await before;
  await work(await making);
}

const hasNoData = (payload: unknown): boolean =>
  typeof payload === 'object' && payload !== null && (!('data' in payload) || payload.data === undefined);
