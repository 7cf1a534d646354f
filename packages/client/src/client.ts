import type { BackoffOptions } from './backoff.ts';
import { createConnection, type ConnectionChange } from './connection.ts';
import type { Ending } from './ending.ts';
import { StreamError } from './errors.ts';
import { createFeed, type Feed, type FeedEvent, type OnResync } from './feed.ts';
import { checkDeclares, cursorUnderRoot, payloadOf, type Answer, type Operation, type Payload } from './operation.ts';
import type { TokenSource } from './token.ts';

export interface ClientOptions {
  /** Where the gateway is, as `wss:`, `ws:`, `https:` or `http:`. In a browser it may be relative to the page. */
  readonly url: string;
  /**
   * Gives the access token or API key, or null for none. Asked for each connection, and in time before a token expires, so it should renew the one that it has.
   * What it throws counts as a loss of the connection, and is tried again; a StreamError (LOGGED_OUT) ends every stream.
   */
  readonly token?: TokenSource;
  /** More for the server to open the connection with. */
  readonly connectionParams?: Record<string, unknown>;
  /** When a token expires, in milliseconds since 1970. Default: as a JWT says itself. */
  readonly expiresAt?: (token: string) => number | undefined;
  /** How long before that a new one is sent on the open connection, in milliseconds; half of what is left at most. Default 60,000. */
  readonly refreshBefore?: number;
  /** How long a connection may be idle before it is tried, in milliseconds. Default 10,000; 0 for never. */
  readonly keepAlive?: number;
  /** How long the server may take to let a connection open, and to answer a trial, in milliseconds. Default 10,000. */
  readonly answerWithin?: number;
  readonly backoff?: BackoffOptions;
  /** How long a connection must hold for the next loss to count as the first, in milliseconds. Default 5,000. */
  readonly stableAfter?: number;
  /** How many losses in a row are mended. Default: all. */
  readonly retryAttempts?: number;
  /** Ends everything, as `dispose` does. */
  readonly signal?: AbortSignal;
  /** Default: the one of the browser, or of Node 22 and newer. */
  readonly webSocketImpl?: unknown;
  /** Called when the connection is there, and when it was lost with streams open on it. */
  readonly onConnection?: (change: ConnectionChange) => void;
}

export interface Subscription<Data, Variables> extends Operation<Data, Variables> {
  /** The variable that takes the last cursor; a value given for it is where the stream begins. Default `after`. */
  readonly cursorVariable?: string;
  /** Finds an event's cursor. Default: the field `cursor` under the root field. */
  readonly cursorOf?: (data: Data) => string | undefined;
  /** How many events may wait for the consumer. A stream with more pauses until they are taken. Default 500. */
  readonly buffer?: number;
  /** What to do when events were missed that the server can't give any more. Default: the stream ends with RESYNC. */
  readonly onResync?: OnResync;
  /** Ends the stream. */
  readonly signal?: AbortSignal;
}

export interface Listener<Data> {
  /** The next event comes when what this gives has resolved. What it throws ends the stream. */
  next(event: FeedEvent<Data>): void | Promise<void>;
  error?(error: unknown): void;
  /** The server has ended the stream, or it was ended here. */
  complete?(): void;
}

export interface Client {
  /**
   * The events of a live field, each once and in order, over any number of connections. Ended by leaving the loop, by a signal, or by the server.
   * Throws TypeError and StreamError (NOT_RESUMABLE) for an operation that can't be resumed; the loop throws StreamError.
   */
  subscribe<Data = Record<string, unknown>, Variables = Record<string, unknown>>(subscription: Subscription<Data, Variables>): Feed<Data>;
  /** The same with callbacks. What is given back ends the stream. Without `error`, errors are thrown where nobody can catch them. */
  listen<Data = Record<string, unknown>, Variables = Record<string, unknown>>(
    subscription: Subscription<Data, Variables>,
    listener: Listener<Data>,
  ): () => void;
  /**
   * One answer to a query, on the same connection. Rejects with StreamError when that is lost meanwhile, or can't be made. It is sent again only where the server has
   * certainly not begun it, on a connection that was just being closed.
   */
  query<Data = Record<string, unknown>, Variables = Record<string, unknown>>(operation: Operation<Data, Variables>): Promise<Answer<Data>>;
  /** The same for a mutation. When it rejects with CONNECTION_LOST, the mutation may have been done: an idempotency key makes it safe to send again. */
  mutate<Data = Record<string, unknown>, Variables = Record<string, unknown>>(operation: Operation<Data, Variables>): Promise<Answer<Data>>;
  /** Ends every stream, and the connection. Nothing can be asked any more. */
  dispose(): void;
}

/** Connects with the first operation. Throws TypeError for a URL that is none. */
export function createClient(options: ClientOptions): Client {
  const { backoff = {}, retryAttempts = Infinity, signal: outer } = options;
  const stopper = new AbortController();
  const signal = outer ? AbortSignal.any([stopper.signal, outer]) : stopper.signal;
  const connection = createConnection({
    url: socketUrl(options.url),
    token: options.token,
    connectionParams: options.connectionParams ?? {},
    expiresAt: options.expiresAt,
    refreshBefore: options.refreshBefore ?? 60_000,
    keepAlive: options.keepAlive ?? 10_000,
    answerWithin: options.answerWithin ?? 10_000,
    backoff,
    stableAfter: options.stableAfter ?? 5_000,
    webSocketImpl: options.webSocketImpl,
    onConnection: options.onConnection,
  });
  signal.addEventListener('abort', () => connection.dispose(), { once: true });

  function subscribe<Data, Variables>(subscription: Subscription<Data, Variables>): Feed<Data> {
    ensureOpen();
    const { cursorVariable = 'after', cursorOf, buffer = 500, onResync, signal: own } = subscription;
    const payload = payloadOf(subscription);
    checkDeclares(cursorVariable, payload);
    return createFeed(connection, {
      payload,
      cursorVariable,
      cursorOf: cursorOf ? (data) => (data == null ? undefined : cursorOf(data as Data)) : cursorUnderRoot,
      buffer,
      backoff,
      retryAttempts,
      onResync,
      signals: own ? [signal, own] : [signal],
    });
  }

  function listen<Data, Variables>(subscription: Subscription<Data, Variables>, listener: Listener<Data>): () => void {
    const feed = subscribe(subscription);
    const tell = async () => {
      try {
        for await (const event of feed) await listener.next(event);
      } catch (error) {
        if (!listener.error) throw error;
        listener.error(error);
        return;
      }
      listener.complete?.();
    };
    void tell();
    return () => void feed.return();
  }

  async function ask<Data, Variables>(operation: Operation<Data, Variables>): Promise<Answer<Data>> {
    ensureOpen();
    const payload = payloadOf(operation);
    for (;;) {
      await connection.ready(signal);
      const ending = await once<Data>(payload);
      if (!('kind' in ending)) return ending.answer;
      // The connection was just being closed, and the next one is as good.
      if (ending.kind === 'LOST' && ending.connected && !ending.begun && ending.losses <= retryAttempts) continue;
      throw 'error' in ending ? ending.error : new StreamError('OPERATION_REFUSED', 'The server gave no answer.');
    }
  }

  function once<Data>(payload: Payload): Promise<{ answer: Answer<Data> } | Ending> {
    const { promise, resolve, reject } = Promise.withResolvers<{ answer: Answer<Data> } | Ending>();
    const stop = connection.open(payload, { next: (answer) => resolve({ answer: answer as Answer<Data> }), end: resolve });
    const aborted = () => reject(new StreamError('CONNECTION_LOST', 'The client was disposed before the answer came.'));
    if (signal.aborted) aborted();
    signal.addEventListener('abort', aborted);
    return promise.finally(() => {
      stop();
      signal.removeEventListener('abort', aborted);
    });
  }

  function ensureOpen(): void {
    if (signal.aborted) throw new TypeError('The client has been disposed.');
  }

  return { subscribe, listen, query: ask, mutate: ask, dispose: () => stopper.abort() };
}

function socketUrl(url: string): string {
  const { location } = globalThis as { location?: { href: string } };
  const address = new URL(url, location?.href);
  const protocol = { 'http:': 'ws:', 'https:': 'wss:', 'ws:': 'ws:', 'wss:': 'wss:' }[address.protocol];
  if (protocol === undefined) throw new TypeError(`A WebSocket can't be opened to ${address.protocol}`);
  address.protocol = protocol;
  address.hash = '';
  return address.href;
}
