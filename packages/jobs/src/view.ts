import { fromUuid, toUuid, type Id, type StoreId } from '@storegraph/core';
import type { Tx } from '@storegraph/database';
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { redacted, redactedObject } from './redact.ts';

const jobStates = ['PENDING', 'PROCESSING', 'COMPLETED', 'FAILED', 'CANCELLED'] as const;
type JobState = (typeof jobStates)[number];

/** A job as an operator may see it: nothing of what it holds but ids, numbers and the like. */
export interface JobView {
  readonly id: Id<'job'>;
  /** `orders.expire.dead` for what was given up and is gone from `orders.expire` itself. */
  readonly queue: string;
  readonly name: string;
  readonly state: JobState;
  readonly storeId: StoreId | null;
  readonly attempts: number;
  readonly maxAttempts: number;
  readonly priority: number;
  readonly createdAt: Date;
  readonly startAfter: Date;
  readonly startedAt: Date | null;
  readonly completedAt: Date | null;
  /** Null where there is none, or it is too large to be shown. */
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly result: Readonly<Record<string, unknown>> | null;
  readonly error: string | null;
  readonly tooLarge: boolean;
  /** The place in the list: finer than `createdAt`, as text. */
  readonly placed: string;
}

export interface JobConditions {
  readonly queues: readonly string[] | null;
  readonly states: readonly JobState[] | null;
}

interface Place {
  readonly at: string;
  readonly id: string;
}

const row = z.object({
  id: z.string(),
  name: z.string(),
  state: z.enum(jobStates),
  retry_limit: z.number(),
  retry_count: z.number(),
  priority: z.number(),
  created_on: z.coerce.date(),
  start_after: z.coerce.date(),
  started_on: z.coerce.date().nullable(),
  completed_on: z.coerce.date().nullable(),
  data: z.unknown(),
  output: z.unknown(),
  too_large: z.boolean(),
  placed: z.string(),
});

/** A page of jobs, the latest first. Gives nothing to anybody but platform staff, and to no domain but accounts. */
export async function listJobs(tx: Tx, { queues, states }: JobConditions, before: Place | null, size: number): Promise<JobView[]> {
  return select(
    tx,
    sql`${array(queues)}, ${array(states)}, null, ${before?.at ?? null}::text, ${before?.id ?? null}::uuid, ${size}::integer`,
  );
}

export async function findJobs(tx: Tx, ids: readonly Id<'job'>[]): Promise<JobView[]> {
  return select(tx, sql`null, null, ${`{${ids.map(toUuid).join(',')}}`}::uuid[], null, null, 101`);
}

/** Has a failed or cancelled job tried once more. Gives the one that will run; undefined where there is none to try. */
export async function retryJob(tx: Tx, id: Id<'job'>): Promise<Id<'job'> | undefined> {
  const [found] = await tx.execute<{ id: string | null }>(sql`select jobs.retry_job(${toUuid(id)}::uuid) as id`);
  return found?.id == null ? undefined : fromUuid('job', found.id);
}

/** Takes back a job that waits or runs. Gives whether there was one. */
export async function cancelJob(tx: Tx, id: Id<'job'>): Promise<boolean> {
  const [found] = await tx.execute<{ cancelled: boolean }>(sql`select jobs.cancel_job(${toUuid(id)}::uuid) as cancelled`);
  return found?.cancelled === true;
}

async function select(tx: Tx, given: ReturnType<typeof sql>): Promise<JobView[]> {
  const rows = await tx.execute(sql`select * from jobs.list_jobs(${given})`);
  return rows.map((each) => viewOf(row.parse(each)));
}

const deadSuffix = '.dead';

function viewOf(job: z.output<typeof row>): JobView {
  const envelope = typeof job.data === 'object' && job.data !== null ? (job.data as Record<string, unknown>) : {};
  const isFailed = job.state === 'FAILED';
  return {
    id: fromUuid('job', job.id),
    queue: job.name,
    name: job.name.endsWith(deadSuffix) ? job.name.slice(0, -deadSuffix.length) : job.name,
    state: job.state,
    storeId: storeIn(envelope['storeId']),
    // The first attempt is no retry.
    attempts: job.started_on === null ? 0 : job.retry_count + 1,
    maxAttempts: job.retry_limit + 1,
    priority: job.priority,
    createdAt: job.created_on,
    startAfter: job.start_after,
    startedAt: job.started_on,
    completedAt: job.completed_on,
    data: redactedObject(envelope['data']),
    result: isFailed ? null : redactedObject(job.output),
    error: errorIn(job.output),
    tooLarge: job.too_large,
    placed: job.placed,
  };
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const storeIn = (value: unknown): StoreId | null => (typeof value === 'string' && uuid.test(value) ? fromUuid('sto', value) : null);

/** Of a failure only its name, code and place are stored (`describeFailure`); whatever else stands there is left out. */
function errorIn(output: unknown): string | null {
  const message = typeof output === 'object' && output !== null && 'message' in output ? output.message : undefined;
  return typeof message === 'string' ? redacted(message, { prose: true }) : null;
}

const array = (values: readonly string[] | null) =>
  values === null ? sql`null` : sql`${`{${values.map((value) => `"${value.replaceAll(/[\\"]/g, String.raw`\$&`)}"`).join(',')}}`}::text[]`;
