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
export async function withEnv<T>(
  { domain, pool, clock, log, services }: Parts,
  requestId: string,
  work: (env: Env) => Promise<T>,
): Promise<T> {
  const sessions = createSessions(pool, {});
  try {
    return await work({
      db: (identity) => sessions.open({ domain, identity, correlationId: requestId, origin: 'LIVE' }),
      clock,
      log: log.child({ requestId }),
      requestId,
      services,
    });
  } finally {
    await sessions.end();
  }
}
