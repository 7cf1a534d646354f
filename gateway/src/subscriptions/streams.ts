import { networkOf } from '@storegraph/auth';
import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLFormattedError } from 'graphql';
import { refused } from '../errors.ts';
import { mayOpen } from '../http/origins.ts';
import type { AskedOperation } from '../operations/operations.ts';
import { incomingTraceparent } from '../tracing.ts';
import type { SocketParts } from './client.ts';
import type { Connection } from './connections.ts';
import { credentialsOf } from './credentials.ts';
import type { Crowd } from './crowd.ts';
import { endings, isRetriable, type Ending } from './endings.ts';
import type { Guarded } from './guard.ts';
import { createOutbox } from './outbox.ts';
import { createWork } from './work.ts';

type StreamParts = SocketParts & { readonly addresses: Crowd; readonly origins: readonly (string | RegExp)[] };

/** Answers one request with an event stream. */
export type AnswerStream = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

/**
 * Serves operations as event streams at /graphql/stream, one to a connection: the "distinct connections" mode of graphql-sse
 * (https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md). A stream that ends without the event `complete` was cut, and is to be asked for again.
 * Gives what answers so, for those who ask for a stream elsewhere.
 */
export function serveStreams(app: FastifyInstance, parts: StreamParts): AnswerStream {
  const { guard, stores, addresses, origins, connections } = parts;
  const answer: AnswerStream = async (request, reply) => {
    const asked = operationIn(request);
    if (connections.closing) throw closing();
    if (!mayOpen(request.headers, origins)) throw refused('FORBIDDEN', 'This origin may not open a stream.');
    const leaveAddress = addresses.enter(networkOf(request.ip) ?? '');
    if (!leaveAddress) throw refused('RATE_LIMITED', 'Too many connections from this address.');
    reply.raw.once('close', leaveAddress);
    let end: (ending: Ending) => void = () => undefined;
    const guarded = await guard.admit(credentialsOf(request.headers), (ending) => end(ending));
    if (reply.raw.destroyed) {
      guarded.leave();
      return reply.hijack();
    }
    reply.raw.once('close', guarded.leave);
    // It may have begun to meanwhile, and would end only those that it knows.
    if (connections.closing) throw closing();
    const { storeId } = guarded.identity;
    const leaveStore = storeId === null ? undefined : stores.enter(storeId);
    if (leaveStore === null) throw refused('RATE_LIMITED', 'Too many connections of this store.');
    if (leaveStore) reply.raw.once('close', leaveStore);
    ({ end } = stream(request, reply, { asked, guarded }, parts));
    return reply;
  };
  app.route({ method: ['GET', 'POST'], url: '/graphql/stream', handler: answer });
  return answer;
}

const closing = () => refused('SUBGRAPH_UNAVAILABLE', 'The gateway is closing.');

function stream(
  request: FastifyRequest,
  reply: FastifyReply,
  { asked, guarded }: { asked: AskedOperation; guarded: Guarded },
  { settings, runner, connections, metrics }: StreamParts,
): { end: (ending: Ending) => void } {
  const work = createWork(runner, metrics);
  const response = begin(reply, request.id);
  const outbox = createOutbox({
    write: (text, taken) => void response.write(text, taken),
    buffered: () => response.writableLength,
    fellBehind: () => end(endings.fellBehind),
    open: metrics.outboxes,
    settings,
  });
  const send = (event: 'next' | 'complete', data: string): Promise<void> | undefined =>
    response.writableEnded || response.destroyed ? undefined : outbox.send(`event: ${event}\ndata: ${data}\n\n`);
  const complete = () => {
    void send('complete', '');
    response.end();
  };
  const error = (errors: readonly GraphQLFormattedError[]) => {
    void send('next', JSON.stringify({ errors }));
    complete();
  };

  function end(ending: Ending): void {
    work.cancel();
    if (isRetriable(ending)) response.destroy();
    else error([{ message: ending.reason, extensions: { code: 'UNAUTHENTICATED', requestId: request.id } }]);
  }

  const connection: Connection = {
    isOutdated: (schema) => work.isOutdated(schema),
    beat: () => {
      if (!response.writableEnded) response.write(':\n\n');
    },
    finish: async (ending) => {
      await work.finish(settings.finishWithinMs);
      end(ending);
    },
  };
  metrics.streams.inc();
  connections.add(connection);
  response.once('close', () => {
    metrics.streams.dec();
    connections.remove(connection);
    outbox.close();
    work.cancel();
  });
  const caller = {
    identity: guarded.identity,
    requestId: request.id,
    ip: request.ip,
    userAgent: request.headers['user-agent'] ?? null,
    traceparent: incomingTraceparent(request.headers.traceparent),
  };
  work.run(asked, caller, {
    next: (text) => send('next', text),
    complete,
    error,
    lost: () => connections.endWithin(settings.lossOverMs, connection, endings.lost),
  });
  return { end };
}

/** From here on the answer is written as it comes. */
function begin(reply: FastifyReply, requestId: string): ServerResponse {
  void reply.hijack();
  const headers = Object.entries(reply.getHeaders()).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  reply.raw.writeHead(200, {
    ...Object.fromEntries(headers),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    'x-content-type-options': 'nosniff',
    'x-request-id': requestId,
  });
  // Some browsers take a stream for open only when something has come.
  reply.raw.write(':\n\n');
  return reply.raw;
}

/** Throws BAD_REQUEST for what asks for no operation as an event stream. */
function operationIn({ method, headers, query, body }: FastifyRequest): AskedOperation {
  if (!headers.accept?.includes('text/event-stream')) throw refused('BAD_REQUEST', 'The header "accept" must be "text/event-stream".');
  const given = (method === 'GET' ? query : body) as Readonly<Record<string, unknown>> | null | undefined;
  const { query: text = '', documentId, operationName } = given ?? {};
  const valueOf = (name: 'variables' | 'extensions') => {
    const sent = given?.[name];
    return method === 'GET' && typeof sent === 'string' ? jsonIn(name, sent) : sent;
  };
  const [variables, extensions] = [valueOf('variables'), valueOf('extensions')];
  const persisted = typeof extensions === 'object' ? (extensions as AskedOperation['extensions']) : null;
  if (typeof text !== 'string' || (text === '' && !persisted && documentId === undefined))
    throw refused('BAD_REQUEST', 'The request has no "query".');
  if (operationName != null && typeof operationName !== 'string') throw refused('BAD_REQUEST', 'The "operationName" must be a text.');
  if (variables != null && (typeof variables !== 'object' || Array.isArray(variables)))
    throw refused('BAD_REQUEST', 'The "variables" must be an object.');
  return {
    query: text,
    documentId,
    operationName,
    variables: variables as AskedOperation['variables'],
    extensions: persisted,
    way: method === 'GET' ? 'LINK' : 'CONNECTION',
  };
}

function jsonIn(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refused('BAD_REQUEST', `The "${name}" are not JSON.`);
  }
}
