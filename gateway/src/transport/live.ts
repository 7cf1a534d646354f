import { system, type Identity } from '@storegraph/auth';
import { createClient, type SubscribePayload } from 'graphql-ws';
import { WebSocket, type ClientOptions } from 'ws';
import { createQueue, type Queue } from './queue.ts';
import { HopFailed, type SubgraphRequest } from './transport.ts';

interface LiveOptions {
  /** ws://…/graphql of the subgraph's server. */
  readonly url: string;
  /** Signs who asks, for this subgraph. Null for one that is not ours. */
  readonly sign: ((identity: Identity) => Promise<string>) | null;
  readonly maxAnswerBytes: number;
}

export interface Live {
  subscribe(request: SubgraphRequest): AsyncIterableIterator<unknown, void>;
  close(): void;
}

/** One subscription upstream. */
interface Entry {
  readonly request: SubgraphRequest;
  readonly queue: Queue<unknown>;
  /** Changed until it is sent: a token lasts for a minute, and a subgraph may be away for longer. */
  readonly payload: SubscribePayload & { extensions: Record<string, unknown> };
  sent: boolean;
  /** Ends it upstream, and is done with it here. */
  leave(): void;
}

const firstPauseMs = 100;
const longestPauseMs = 5_000;
/** A connection that says nothing for so long is asked, and given up when it does not answer within the other. */
const askAfterMs = 12_000;
const answerWithinMs = 5_000;
/** Answers that may wait here to be taken, all together: a subscription that begins behind a cursor may get thousands at once. */
const mostWaiting = 50_000;

/**
 * Carries a subgraph's subscriptions over one graphql-ws connection, opened for the first of them and closed after the last. It says on behalf of the
 * gateway that it is the gateway; who asks stands on each subscription. A subscription that the subgraph has not got yet waits for the connection, as
 * long as it takes. One that it has got ends with HopFailed LOST when the connection does: what has been missed only whoever holds a cursor can say.
 */
export function subscribeOver({ url, sign, maxAnswerBytes }: LiveOptions): Live {
  const entries = new Set<Entry>();
  const tally = { count: 0 };
  let socket: WebSocket | undefined;
  let silence: NodeJS.Timeout | undefined;

  const tokenOf = async (identity: Identity) => (sign ? { authorization: `Bearer ${await sign(identity)}` } : {});
  const refresh = async ({ payload, request }: Entry) => void Object.assign(payload.extensions, await tokenOf(request.identity));

  const end = ({ queue, leave }: Entry, error?: Error) => {
    queue.end(error);
    leave();
  };

  const lost = () => {
    socket = undefined;
    clearTimeout(silence);
    for (const entry of entries) if (entry.sent) end(entry, new HopFailed('LOST'));
  };

  /** The one that is furthest behind makes room for the others. What waits for it is dropped: its clients come back for it. */
  const endLongest = () => {
    const longest = [...entries].reduce((most, entry) => (entry.queue.size > most.queue.size ? entry : most));
    longest.queue.drop();
    end(longest, new HopFailed('FELL_BEHIND'));
  };

  const client = createClient({
    url,
    webSocketImpl: webSocketWith({ maxPayload: maxAnswerBytes, perMessageDeflate: false, handshakeTimeout: answerWithinMs }),
    connectionParams: async () => {
      await Promise.all([...entries].map(refresh));
      return tokenOf(system(null));
    },
    connectionAckWaitTimeout: answerWithinMs,
    keepAlive: askAfterMs,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    retryWait: async (retries) => {
      const pause = Math.min(firstPauseMs * 2 ** retries, longestPauseMs);
      await new Promise((resolve) => setTimeout(resolve, pause * (0.5 + Math.random() / 2)).unref());
    },
    on: {
      connected: (opened) => {
        socket = opened as WebSocket;
        for (const entry of entries) entry.sent = true;
      },
      closed: lost,
      error: lost,
      ping: (received) => {
        if (!received) silence = setTimeout(() => client.terminate(), answerWithinMs);
      },
      pong: () => clearTimeout(silence),
    },
  });

  async function start(entry: Entry, left: AbortSignal): Promise<void> {
    await refresh(entry);
    if (left.aborted) return;
    entries.add(entry);
    // One that is closing takes no more: it waits for the next.
    entry.sent = socket?.readyState === WebSocket.OPEN;
    const { queue } = entry;
    const unsubscribe = client.subscribe(entry.payload, {
      next: (answer) => {
        queue.push(answer);
        if (tally.count > mostWaiting) endLongest();
      },
      error: (cause) => {
        if (!Array.isArray(cause)) return end(entry, new HopFailed('REFUSED', { cause }));
        // What the subgraph says against it is an answer, and the last one.
        queue.push({ errors: cause as unknown[] });
        return end(entry);
      },
      complete: () => end(entry),
    });
    left.addEventListener('abort', unsubscribe);
  }

  return {
    subscribe(request) {
      const leaving = new AbortController();
      const leave = () => leaving.abort();
      const queue = createQueue<unknown>(tally, leave);
      const entry: Entry = { request, queue, payload: payloadOf(request, sign !== null), sent: false, leave };
      const aborted = () => void queue.return?.();
      leaving.signal.addEventListener('abort', () => {
        entries.delete(entry);
        request.signal?.removeEventListener('abort', aborted);
      });
      request.signal?.addEventListener('abort', aborted);
      if (request.signal?.aborted) aborted();
      start(entry, leaving.signal).catch((cause: unknown) => queue.end(new HopFailed('REFUSED', { cause })));
      return queue;
    },
    close() {
      for (const { queue } of entries) void queue.return?.();
      clearTimeout(silence);
      // It waits for a connection that is being made, which may fail.
      Promise.resolve(client.dispose()).catch(() => undefined);
      client.terminate();
    },
  };
}

function payloadOf({ query, operationName, variables, ...request }: SubgraphRequest, ours: boolean): Entry['payload'] {
  const { requestId, ip, userAgent, traceparent } = request;
  const told = {
    requestId,
    ...(ip && { clientIp: ip }),
    ...(userAgent && { clientAgent: userAgent }),
    ...(traceparent && { traceparent }),
  };
  return { query, operationName: operationName ?? null, variables: variables ?? null, extensions: ours ? told : {} };
}

/** The client takes a class, and gives it an address and a protocol; the rest is ours to say. */
function webSocketWith(options: ClientOptions): unknown {
  const Configured = function (address: string, protocol: string) {
    const socket = new WebSocket(address, protocol, options);
    // graphql-ws takes its own listener away from a socket that it gives up, which then tells of an error if it was not open yet: nobody hearing that ends the process.
    return socket.on('error', () => undefined);
  };
  return Object.assign(Configured, {
    CLOSED: WebSocket.CLOSED,
    CLOSING: WebSocket.CLOSING,
    CONNECTING: WebSocket.CONNECTING,
    OPEN: WebSocket.OPEN,
  });
}
