import { sleep, waitAfter, type BackoffOptions } from './backoff.ts';
import type { Connection } from './connection.ts';
import { refused, type Ending } from './ending.ts';
import { StreamError } from './errors.ts';
import type { Answer, Payload } from './operation.ts';
import { createQueue } from './queue.ts';

/** One event: the server's answer, and its place in the feed. */
export interface FeedEvent<Data> extends Answer<Data> {
  /** Goes on behind this event, in another process as well: give it as the variable `after`. */
  readonly cursor: string;
}

/** Events in their order, each once. Begins when it is first asked for one. */
export interface Feed<Data> extends AsyncIterableIterator<FeedEvent<Data>, void> {
  /** Of the last event that was given out, or where the feed began. */
  readonly cursor: string | undefined;
  return(): Promise<IteratorReturnResult<void>>;
}

export interface FeedOptions {
  readonly payload: Payload;
  readonly cursorVariable: string;
  readonly cursorOf: (data: unknown) => string | undefined;
  readonly buffer: number;
  readonly backoff: BackoffOptions;
  readonly retryAttempts: number;
  readonly onResync: OnResync | undefined;
  readonly signals: readonly AbortSignal[];
}

/** Reads again what the stream keeps up to date. Gives the cursor to go on behind, if it knows one; else the stream goes on with what happens from now on. */
export type OnResync = (why: StreamError) => string | null | undefined | void | Promise<string | null | undefined | void>;

export function createFeed<Data>(connection: Connection, options: FeedOptions): Feed<Data> {
  const { payload, cursorVariable, cursorOf, buffer, backoff, retryAttempts, onResync } = options;
  const queue = createQueue<FeedEvent<Data>>(buffer);
  const stopper = new AbortController();
  const signal = AbortSignal.any([stopper.signal, ...options.signals]);
  const first = payload.variables?.[cursorVariable];
  /** Of the last event that is the consumer's, given out or waiting for it. */
  let last = typeof first === 'string' ? first : undefined;
  let given = last;
  /** Interruptions since the last event. */
  let failures = 0;
  let started = false;

  async function follow(): Promise<void> {
    for (;;) {
      await connection.ready(signal);
      if (signal.aborted) return;
      const ending = await attempt();
      switch (ending.kind) {
        case 'COMPLETE':
          return;
        case 'FAILED':
          throw ending.error;
        case 'FULL':
          await queue.drained();
          break;
        case 'LOST':
          if (ending.losses > retryAttempts) throw ending.error;
          if (ending.begun && last === undefined) await resync(lostTrack(ending.error));
          break;
        case 'INTERRUPTED':
          await (ending.begun && last === undefined ? resync(lostTrack(ending.error)) : pause(ending.error));
          break;
        case 'RESYNC':
          await resync(ending.error);
          break;
      }
    }
  }

  /** Sends the subscription with the last cursor and takes what comes, until it ends one way or the other. */
  function attempt(): Promise<Ending> {
    const { promise, resolve } = Promise.withResolvers<Ending>();
    // Left out when there is none: `undefined` is no JSON.
    const stop = connection.open(
      { ...payload, variables: { ...payload.variables, [cursorVariable]: last } },
      {
        next(answer) {
          const ending = take(answer as Answer<Data>);
          if (ending === undefined) return;
          stop();
          resolve(ending);
        },
        end: resolve,
      },
    );
    const aborted = () => {
      stop();
      resolve({ kind: 'COMPLETE' });
    };
    signal.addEventListener('abort', aborted);
    return promise.finally(() => signal.removeEventListener('abort', aborted));
  }

  function take(answer: Answer<Data>): Ending | undefined {
    let cursor: string | undefined;
    try {
      cursor = cursorOf(answer.data);
    } catch (cause) {
      return {
        kind: 'FAILED',
        error: new StreamError('NOT_RESUMABLE', 'What "cursorOf" should find the cursor with has failed.', { cause }),
      };
    }
    if (cursor === undefined) {
      // Without its cursor it can't be an event: there would be no going on behind it.
      if (answer.errors && answer.errors.length > 0) return refused(answer.errors);
      return {
        kind: 'FAILED',
        error: new StreamError('NOT_RESUMABLE', 'The event has no cursor: select it, or say in "cursorOf" where it stands.'),
      };
    }
    if (!queue.push({ ...answer, cursor })) return { kind: 'FULL' };
    last = cursor;
    failures = 0;
    return undefined;
  }

  async function resync(why: StreamError): Promise<void> {
    if (!onResync) throw why;
    await pause(why);
    await queue.drained();
    if (signal.aborted) return;
    last = (await onResync(why)) ?? undefined;
  }

  async function pause(error: StreamError): Promise<void> {
    failures += 1;
    if (failures > retryAttempts) throw error;
    await sleep(waitAfter(failures, backoff), signal);
  }

  function start(): void {
    started = true;
    signal.addEventListener('abort', () => queue.close());
    follow().then(
      () => queue.end(),
      (error: unknown) => queue.end(error instanceof Error ? error : new Error('The stream failed.', { cause: error })),
    );
  }

  return {
    get cursor() {
      return given;
    },
    async next() {
      if (signal.aborted) queue.close();
      else if (!started) start();
      const next = await queue.next();
      if (next.done !== true) given = next.value.cursor;
      return next;
    },
    return() {
      stopper.abort();
      return Promise.resolve({ done: true, value: undefined });
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

const lostTrack = (cause: StreamError): StreamError =>
  new StreamError(
    'RESYNC',
    'The stream broke before its first event, so it can not tell what came in between. Read again what it keeps up to date, and subscribe anew.',
    { cause },
  );
