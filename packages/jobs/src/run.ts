import { system, type Sealer } from '@storegraph/auth';
import type { Clock, Id, Logger, StoreId } from '@storegraph/core';
import type { Db, Pool, Scope } from '@storegraph/database';
import type { Job } from './job.ts';

/** What a process runs jobs with. */
export interface Running {
  readonly pool: Pool;
  readonly domain: string;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface Attempt {
  readonly jobId: Id<'job'>;
  readonly storeId: StoreId | null;
  readonly correlationId: string;
  readonly attempt: number;
  readonly signal: AbortSignal;
}

/** One attempt at a job, with the rights that its domain's system has in its store. Throws what the job throws. */
export function runJob<Data>({ pool, domain, ...services }: Running, job: Job<Data>, attempt: Attempt, data: Data): Promise<void> {
  const inStore = async <T>(of: StoreId | null, work: (db: Db) => Promise<T>, origin: Scope['origin'] = 'LIVE'): Promise<T> => {
    const db = pool.session({ domain, identity: system(of), correlationId: attempt.correlationId, origin });
    try {
      return await work(db);
    } finally {
      await db.end();
    }
  };
  return inStore(attempt.storeId, (db) =>
    job.handle({ ...services, ...attempt, db, inStore, sweep: (work) => pool.sweep(domain, work) }, data),
  );
}
