import { Readable } from 'node:stream';
import type { Identity } from '@storegraph/auth';
import type { Clock, Logger } from '@storegraph/core';
import type { Db } from '@storegraph/database';
import type { Services } from './context.ts';
import type { Parts } from './request.ts';
import { createSessions } from './sessions.ts';

/** What code outside of GraphQL works with: exchanging credentials and public routes, where the identity is yet to be found. */
export interface Env {
  /** The domain's tables as that identity. Ended by the kernel when the call is over. All of a call's sessions share one connection. */
  db(identity: Identity): Db;
  readonly clock: Clock;
  readonly log: Logger;
  readonly requestId: string;
  readonly services: Services;
}

/** Runs `work` with an environment whose database sessions end with it. */
export async function withEnv<T>(parts: Parts, requestId: string, work: (env: Env) => Promise<T>): Promise<T> {
  const { env, end } = openEnv(parts, requestId);
  try {
    return await work(env);
  } finally {
    await end();
  }
}

/** The same for an answer whose body asks the database while it is sent: the sessions end when the body has been read or given up. */
export async function withEnvWhileSent(parts: Parts, requestId: string, work: (env: Env) => Promise<Response>): Promise<Response> {
  const { env, end } = openEnv(parts, requestId);
  try {
    const response = await work(env);
    if (response.body) return new Response(thenEnd(response.body, end), response);
    await end();
    return response;
  } catch (error) {
    await end();
    throw error;
  }
}

/** The body; `end` is called when it has been read, has failed, or is wanted no more. */
function thenEnd(body: ReadableStream<Uint8Array>, end: () => Promise<void>): ReadableStream<Uint8Array> {
  async function* whole(): AsyncGenerator<Uint8Array> {
    try {
      yield* body;
    } finally {
      await end();
    }
  }
  return streamOf(whole());
}

/** A body that is made while it is sent. */
export const streamOf = (parts: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> =>
  Readable.toWeb(Readable.from(parts, { objectMode: false })) as ReadableStream<Uint8Array>;

function openEnv({ domain, pool, clock, log, services }: Parts, requestId: string): { env: Env; end: () => Promise<void> } {
  const sessions = createSessions(pool, {});
  const env: Env = {
    db: (identity) => sessions.open({ domain, identity, correlationId: requestId, origin: 'LIVE' }),
    clock,
    log: log.child({ requestId }),
    requestId,
    services,
  };
  return { env, end: () => sessions.end() };
}
