import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Logger } from '@storegraph/core';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { refused } from '../errors.ts';
import { incomingTraceparent } from '../tracing.ts';
import type { Connection, Connections } from './connections.ts';
import { credentialsIn } from './credentials.ts';
import type { Crowd } from './crowd.ts';
import { endings, type Ending } from './endings.ts';
import type { Credentials, Guard, Guarded } from './guard.ts';
import type { SubscriptionMetrics } from './metrics.ts';
import type { Runner } from './runner.ts';
import type { SubscriptionSettings } from './settings.ts';
import { createOutbox } from './outbox.ts';
import { createPace } from './pace.ts';
import { createWork } from './work.ts';

/** What all sockets of a gateway share. */
export interface SocketParts {
  readonly settings: SubscriptionSettings;
  readonly guard: Guard;
  readonly runner: Runner;
  readonly connections: Connections;
  readonly stores: Crowd;
  readonly metrics: SubscriptionMetrics;
  readonly log: Logger;
}

/** What the request that became a socket said. */
export interface Upgraded {
  readonly requestId: string;
  readonly ip: string;
  readonly userAgent: string | null;
  readonly credentials: Credentials;
}

/** An operation as a message has it: its text is empty where an id names it. */
export type Named = SubscribePayload & { readonly documentId?: unknown };

/** One WebSocket, as the graphql-ws protocol drives it. */
export interface Client extends Connection {
  /** Lets it in, or ends it. What `connection_init` brought wins over what stood in the headers of the upgrade. */
  admit(params: Readonly<Record<string, unknown>> | undefined): Promise<void>;
  /** A credential in a ping takes the place of the one before it. */
  ping(payload: Readonly<Record<string, unknown>> | null | undefined): Promise<void>;
  /** Something came over the socket. False when it is not to be looked at: the client has been ended, now perhaps, for being too fast. */
  heard(): boolean;
  /** Runs an operation. The iterator gives nothing: each answer is sent as the text that it is. It ends with the operation, and rejects with Refused. */
  run(id: string, payload: Named): AsyncIterableIterator<never, void>;
  send(text: string): void;
  end(ending: Ending): void;
  /** The socket has closed. */
  closed(): void;
}

/** Errors, as the client may see them, that end an operation. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly errors: readonly GraphQLFormattedError[];

  constructor(errors: readonly GraphQLFormattedError[]) {
    super('The operation was refused.');
    this.errors = errors;
  }
}

/** A close frame has room for so much. Some reasons quote what the client sent. */
const reasonBytes = 123;
/** How long a client may take to answer that it is to go, when the gateway waits for it. */
const hangUpWithinMs = 500;

export function createClient(socket: WebSocket, upgraded: Upgraded, parts: SocketParts): Client {
  const { settings, guard, runner, connections, stores, metrics, log } = parts;
  const work = createWork(runner, metrics);
  let guarded: Guarded | undefined;
  let leaveStore: (() => void) | null = null;
  let ended = false;
  let alive = true;
  /** How many operations it has looked at: those that were begun, and those that were answered with why they were not. */
  let operations = 0;
  /** Set when it takes nothing new any more; resolved by what is asked for then. */
  let retired: PromiseWithResolvers<void> | undefined;
  const pace = createPace({ burst: settings.messagesAtOnce, perSecond: settings.messagesPerSecond });
  const outbox = createOutbox({
    write: (text, taken) => socket.send(text, taken),
    buffered: () => socket.bufferedAmount,
    fellBehind: () => end(endings.fellBehind),
    open: metrics.outboxes,
    settings,
  });

  function leave(): void {
    ended = true;
    outbox.close();
    work.cancel();
    guarded?.leave();
    leaveStore?.();
    connections.remove(client);
  }

  function end({ code, reason }: Ending): void {
    if (ended) return;
    leave();
    // What came behind those was certainly not begun, and may be sent again over another connection.
    const seen = ` [operations: ${operations}]`;
    const told = Buffer.from(reason)
      .subarray(0, reasonBytes - seen.length)
      .toString()
      .replace(/\uFFFD+$/, '');
    socket.close(code, told + seen);
  }

  const send = (text: string): Promise<void> | undefined => (ended || socket.readyState !== socket.OPEN ? undefined : outbox.send(text));

  function begin(id: string, payload: Named, complete: () => void, refuse: (reason: Refused) => void): () => void {
    // It hears nothing of this one, and so asks for it anew on its next connection.
    retired?.resolve();
    if (ended || retired) return () => undefined;
    if (!guarded) throw new Error('An operation came past the check of who asks.');
    operations += 1;
    if (work.count >= settings.operationsPerSocket) {
      refuse(new Refused([refused('RATE_LIMITED', 'Too many operations are under way on this connection.').toJSON()]));
      return () => undefined;
    }
    const { query, documentId, operationName, variables, extensions } = payload;
    const prefix = `{"id":${JSON.stringify(id)},"type":"next","payload":`;
    const caller = {
      identity: guarded.identity,
      requestId: randomUUID(),
      ip: upgraded.ip,
      userAgent: upgraded.userAgent,
      traceparent: incomingTraceparent(extensions?.['traceparent']),
    };
    return work.run({ query, documentId, operationName, variables, extensions, way: 'CONNECTION' }, caller, {
      next: (text) => send(`${prefix}${text}}`),
      complete,
      error: (errors) => refuse(new Refused(errors)),
      lost: () => connections.endWithin(settings.lossOverMs, client, endings.lost),
    });
  }

  const client: Client = {
    async admit(params) {
      try {
        const admitted = await guard.admit(credentialsIn(params) ?? upgraded.credentials, end);
        if (ended) return admitted.leave();
        guarded = admitted;
        const { storeId } = guarded.identity;
        leaveStore = storeId === null ? null : stores.enter(storeId);
        if (storeId !== null && !leaveStore) end(endings.crowded);
      } catch (error) {
        if (!(error instanceof GraphQLError)) log.error({ requestId: upgraded.requestId, error }, 'a socket could not be let in');
        end(refusalOf(error));
      }
    },
    async ping(payload) {
      alive = true;
      const credentials = guarded && credentialsIn(payload);
      if (credentials) await guarded?.renew(credentials);
      // Without the payload: a credential is not sent about more often than it must be.
      void send('{"type":"pong"}');
    },
    heard() {
      if (ended) return false;
      if (pace.keep()) return true;
      end(endings.tooFast);
      // Whoever does not go when they are told to would be listened to for longer.
      setTimeout(() => socket.terminate(), hangUpWithinMs).unref();
      return false;
    },
    run(id, payload) {
      const over = Promise.withResolvers<IteratorResult<never, void>>();
      over.promise.catch(() => undefined);
      const done = { done: true, value: undefined } as const;
      const cancel = begin(id, payload, () => over.resolve(done), over.reject);
      return {
        next: () => over.promise,
        return: () => {
          cancel();
          over.resolve(done);
          return Promise.resolve(done);
        },
        [Symbol.asyncIterator]() {
          return this;
        },
      };
    },
    send: (text) => void send(text),
    end,
    closed: leave,
    isOutdated: (schema) => work.isOutdated(schema),
    beat() {
      if (!alive) return socket.terminate();
      alive = false;
      return socket.ping();
    },
    retire() {
      retired ??= Promise.withResolvers();
      return retired.promise;
    },
    async finish(ending) {
      await work.finish(settings.finishWithinMs);
      // So that the last answer's `complete` is sent too: a client asks again for what was not completed.
      await setImmediate();
      const closed = new Promise<void>((resolve) => {
        if (socket.readyState === socket.CLOSED) resolve();
        else socket.once('close', () => resolve());
      });
      end(ending);
      const impatient = setTimeout(() => socket.terminate(), hangUpWithinMs);
      await closed;
      clearTimeout(impatient);
    },
  };
  socket.on('pong', () => {
    if (client.heard()) alive = true;
  });
  socket.on('ping', (data: Buffer) => {
    if (!client.heard()) return;
    // Beside the outbox, and so within its bound.
    if (socket.bufferedAmount > settings.bufferedBytes) end(endings.fellBehind);
    else socket.pong(data);
  });
  return client;
}

/** A credential that is not good may be replaced by a better one; words that make no sense will not make more of it the next time. */
function refusalOf(error: unknown): Ending {
  const code = error instanceof GraphQLError ? error.extensions['code'] : undefined;
  const reason = error instanceof Error ? error.message : '';
  if (code === 'UNAUTHENTICATED') return { ...endings.forbidden, reason };
  return code === 'BAD_REQUEST' ? { ...endings.unreadable, reason } : endings.unverified;
}
