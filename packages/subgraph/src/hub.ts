import type { Identity } from '@storegraph/auth';
import { newId, type Logger } from '@storegraph/core';
import type { Db, Pool } from '@storegraph/database';

/** What code that outlives requests works with: the hub of a live field, which reads for all of its subscribers. */
export interface HubHost {
  /** One session of the domain as that identity, ended with the work. */
  within<T>(identity: Identity, work: (db: Db) => Promise<T>): Promise<T>;
  /** Calls the listener when something may have been committed, by this process or another. Only a hint that saves waiting: poll as well. */
  onWake(listener: () => void): () => void;
  readonly log: Logger;
}

export type Hubs = <T>(factory: (host: HubHost) => T) => T;

interface Options {
  readonly domain: string;
  readonly pool: Pool;
  readonly log: Logger;
  readonly onWake: HubHost['onWake'];
  /** What is running when the process closes is waited for. */
  track<T>(work: Promise<T>): Promise<T>;
}

export function createHubs({ domain, pool, log, onWake, track }: Options): Hubs {
  const made = new Map<unknown, unknown>();
  const run = async <T>(identity: Identity, work: (db: Db) => Promise<T>): Promise<T> => {
    const db = pool.session({ domain, identity, correlationId: newId('req'), origin: 'LIVE' });
    try {
      return await work(db);
    } finally {
      await db.end();
    }
  };
  const host: HubHost = { within: (identity, work) => track(run(identity, work)), onWake, log };
  return (factory) => {
    if (!made.has(factory)) made.set(factory, factory(host));
    return made.get(factory) as ReturnType<typeof factory>;
  };
}
