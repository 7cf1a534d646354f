import type { Sealer } from '@storegraph/auth';
import type { Clock, Id, Logger, StoreId } from '@storegraph/core';
import type { Db, Scope, Tx } from '@storegraph/database';
import { CronExpressionParser } from 'cron-parser';
import type { z } from 'zod';

export interface JobContext {
  /** Of the job's domain, as SYSTEM in the store in which it was enqueued (no store: a scheduled job, or one about no store). */
  readonly db: Db;
  readonly storeId: StoreId | null;
  /** The same at every attempt: a key for whatever the job does outside. */
  readonly jobId: Id<'job'>;
  /** From 1. */
  readonly attempt: number;
  readonly correlationId: string;
  /** For secrets at rest, and those that go out by event. */
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly log: Logger;
  /** Aborted when the job has taken too long, or is no longer this worker's. */
  readonly signal: AbortSignal;
  /** A Db of another store, for a sweep that has found work there, or with which what is written counts as brought in by an import. */
  inStore<T>(storeId: StoreId, work: (db: Db) => Promise<T>, origin?: Scope['origin']): Promise<T>;
  /** One transaction across the stores of the domain, with the role of sweeps. */
  sweep<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
}

export interface Retry {
  /** How often it is tried in all, before it goes to the dead letters. */
  readonly attempts: number;
  readonly firstDelaySeconds: number;
  readonly longestDelaySeconds: number;
}

export interface Job<Data = unknown> {
  /** `<domain>.<what-it-does>`. Never renamed. */
  readonly name: string;
  /** Ids and settings. Never a secret, never personal data: jobs are stored as they are, and kept for days. */
  readonly data: z.ZodType<Data>;
  readonly retry: Retry;
  /** In UTC. A scheduled job gets the data `{}`. */
  readonly cron: string | null;
  readonly timeoutSeconds: number;
  /** At a time, in each process. */
  readonly concurrency: number;
  /** At least once: it runs again after a failure, and when its process dies, even after its work was committed. */
  handle(context: JobContext, data: Data): Promise<void>;
}

type Defaults = 'retry' | 'cron' | 'timeoutSeconds' | 'concurrency';
type Definition<Data> = Omit<Job<Data>, Defaults> & Partial<Pick<Job<Data>, Defaults>>;

const defaultRetry: Retry = { attempts: 6, firstDelaySeconds: 2, longestDelaySeconds: 600 };

export function defineJob<Data>(definition: Definition<Data>): Job<Data> {
  const { name, cron = null } = definition;
  if (!/^[a-z]+(\.[a-z0-9]+(-[a-z0-9]+)*)+$/.test(name) || name.endsWith('.dead'))
    throw new Error(`A job is named <domain>.<what-it-does>: ${name}`);
  if (cron !== null && !definition.data.safeParse({}).success) throw new Error(`${name} is scheduled, so it has to do without data`);
  // Throws on an expression that is none.
  if (cron !== null) CronExpressionParser.parse(cron);
  return { retry: defaultRetry, timeoutSeconds: 900, concurrency: 1, ...definition, cron };
}

/** The settings of a job's queue, by pg-boss' names. */
export const queueOptions = ({ retry, timeoutSeconds }: Job) => ({
  retryLimit: retry.attempts - 1,
  retryDelay: retry.firstDelaySeconds,
  retryBackoff: true,
  retryDelayMax: retry.longestDelaySeconds,
  expireInSeconds: timeoutSeconds,
  heartbeatSeconds,
  deleteAfterSeconds: keptSeconds,
});

/** The least that pg-boss takes. */
export const heartbeatSeconds = 10;
const keptSeconds = 3 * 24 * 60 * 60;
