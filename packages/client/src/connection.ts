import { createClient } from 'graphql-ws/client';
import { waitAfter, sleep, type BackoffOptions } from './backoff.ts';
import { isHopeless, refused, seenBefore, type Ending } from './ending.ts';
import { StreamError, type AnswerError } from './errors.ts';
import type { Answer, Payload } from './operation.ts';
import { listenedTo } from './socket.ts';
import { createCredential, type TokenOptions } from './token.ts';
import { createWatch } from './watch.ts';

export interface ConnectionOptions extends TokenOptions {
  readonly url: string;
  readonly connectionParams: Record<string, unknown>;
  readonly keepAlive: number;
  readonly answerWithin: number;
  readonly backoff: BackoffOptions;
  readonly stableAfter: number;
  readonly webSocketImpl?: unknown;
  readonly onConnection?: ((change: ConnectionChange) => void) | undefined;
}

/** For a sign that says "reconnecting …". */
export type ConnectionChange =
  | { readonly state: 'CONNECTED' }
  /** Operations were open on it. `retryIn`: milliseconds. */
  | { readonly state: 'LOST'; readonly closeCode: number; readonly reason: string; readonly retryIn: number };

export interface Sink {
  next(answer: Answer<unknown>): void;
  /** Once, and nothing after it. Not called when the operation was stopped. */
  end(ending: Ending): void;
}

/** One WebSocket for all operations, opened for the first and closed with the last. It sends nothing twice: what is lost with it is its operations' to resume. */
export interface Connection {
  /** Resolves when the pause that a loss asks for is over, or the signal aborted. */
  ready(signal: AbortSignal): Promise<void>;
  /** Sends an operation. What is given back stops it: nothing is told any more. */
  open(payload: Payload, sink: Sink): () => void;
  /** Ends the connection when it can no longer be of use. Operations are to be stopped first. */
  dispose(): void;
}

interface Open {
  /** Its place among the operations whose messages have left over this connection, from 1 on. */
  place: number | undefined;
  finish(ending: Ending): void;
}

const now = () => performance.now();

export function createConnection(options: ConnectionOptions): Connection {
  const { url, connectionParams, keepAlive, answerWithin, backoff, stableAfter, webSocketImpl, onConnection } = options;
  const operations = new Set<Open>();
  const credential = createCredential(options);
  let connectedAt: number | undefined;
  let sent = 0;
  let losses = 0;
  let retryAt = 0;
  let disposed = false;

  // What it throws is the application's own, and breaks nothing here.
  const tell = (change: ConnectionChange) => queueMicrotask(() => onConnection?.(change));
  const watch = createWatch(answerWithin, () => inner.terminate());

  const inner = createClient({
    url: async () => {
      // Asked for before the socket opens: a server does not wait long for what is to come first on it.
      await credential.ask();
      if (disposed) return new Promise<never>(() => undefined);
      watch.expect();
      return url;
    },
    connectionParams: () => ({ ...connectionParams, ...credential.params() }),
    keepAlive,
    retryAttempts: 0,
    webSocketImpl: listenedTo(webSocketImpl),
    on: {
      connected(socket) {
        connectedAt = now();
        watch.came();
        credential.accepted((payload) => (socket as { send(text: string): void }).send(JSON.stringify({ type: 'ping', payload })));
        tell({ state: 'CONNECTED' });
      },
      ping(received) {
        if (!received) watch.expect();
      },
      pong(received) {
        if (received) watch.came();
      },
      message: () => watch.alive(),
      closed: (event) => lost(event as { code: number; reason: string }),
    },
  });

  /**
   * Ends what is open on the connection, before graphql-ws does: it would send operations as they were first, without the cursor, after a
   * close with 1000, and tells of the failure to connect in several ways.
   */
  function lost({ code: closeCode, reason }: { code: number; reason: string }): void {
    const wasConnected = connectedAt !== undefined;
    const stable = connectedAt !== undefined && now() - connectedAt >= stableAfter;
    connectedAt = undefined;
    sent = 0;
    watch.stop();
    credential.stop();
    if (disposed || operations.size === 0) return;

    // The connection was being closed for want of operations when these came: nothing was lost, and they are for the next one.
    const isOver = wasConnected && [...operations].every(({ place }) => place === undefined);
    if (isOver) losses = 0;
    else losses = stable ? 1 : losses + 1;
    const retryIn = isOver ? 0 : waitAfter(losses, backoff);
    retryAt = now() + retryIn;
    const ending = isOver ? lostAs(closeCode, reason, wasConnected) : endingOf(closeCode, reason, wasConnected);
    const seen = seenBefore(reason);
    if (!isOver) tell({ state: 'LOST', closeCode, reason, retryIn });
    for (const { place, finish } of [...operations])
      finish(ending.kind === 'LOST' ? { ...ending, begun: place !== undefined && place <= seen } : ending);
  }

  const lostAs = (closeCode: number, told: string, connected: boolean, cause?: { readonly cause: unknown } | null): Ending => {
    const error = new StreamError('CONNECTION_LOST', `The connection was lost: ${told}.`, { closeCode, ...cause });
    return { kind: 'LOST', error, connected, begun: false, losses };
  };

  function endingOf(closeCode: number, reason: string, wasConnected: boolean): Ending {
    const failed = (error: StreamError): Ending => ({ kind: 'FAILED', error });
    const failure = wasConnected ? null : credential.failure();
    if (failure?.cause instanceof StreamError) return failed(failure.cause);
    const told = reason === '' ? `${closeCode}` : `${closeCode} ${reason}`;
    if (closeCode === 4403 && credential.refused())
      return failed(new StreamError('TOKEN_REFUSED', `The server refused the token, and the one that followed: ${told}.`, { closeCode }));
    if (failure === null && isHopeless(closeCode))
      return failed(new StreamError('CLOSED', `The connection was closed in a way that a new one would not mend: ${told}.`, { closeCode }));
    return lostAs(closeCode, told, wasConnected, failure);
  }

  return {
    async ready(signal) {
      for (let wait = retryAt - now(); wait > 0 && !signal.aborted; wait = retryAt - now()) await sleep(wait, signal);
    },
    open(payload, sink) {
      let ended = false;
      const finish = (ending?: Ending) => {
        if (ended) return;
        ended = true;
        operations.delete(operation);
        unsubscribe();
        if (ending) sink.end(ending);
      };
      const operation: Open = { place: undefined, finish };
      operations.add(operation);
      const told = {
        ...payload,
        toJSON() {
          operation.place ??= sent += 1;
          return payload;
        },
      };
      const unsubscribe = inner.subscribe(told, {
        next: (answer) => {
          if (!ended) sink.next(answer as Answer<unknown>);
        },
        // Anything but the server's refusal is told by the close that comes with it.
        error: (error) => {
          if (Array.isArray(error)) finish(refused(error as AnswerError[]));
        },
        complete: () => finish({ kind: 'COMPLETE' }),
      });
      return () => finish();
    },
    dispose() {
      disposed = true;
      watch.stop();
      credential.stop();
      if (connectedAt === undefined) inner.terminate();
    },
  };
}
