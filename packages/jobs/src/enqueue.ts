import { encodeJson, fromUuid, type Id } from '@storegraph/core';
import { one, type Tx } from '@storegraph/database';
import { sql } from 'drizzle-orm';
import { queueOptions, type Job } from './job.ts';

export interface EnqueueOptions {
  readonly startAfter?: Date;
  /** While a job of this name and key waits, it stands for this one too. */
  readonly singletonKey?: string;
}

/** Puts a job into the queue, in the caller's transaction: it is never run before the commit, nor after a rollback. Throws on data that the job does not take. */
export async function enqueue<Data>(
  tx: Tx,
  job: Job<Data>,
  data: Data,
  { startAfter, singletonKey }: EnqueueOptions = {},
): Promise<Id<'job'>> {
  const parsed = job.data.safeParse(data);
  if (!parsed.success)
    throw new Error(`Not the data of ${job.name}: ${parsed.error.issues.map(({ path, code }) => `${path.join('.')} ${code}`).join(', ')}`);
  const rows = await tx.execute<{ id: string }>(sql`
    select jobs.enqueue(${job.name}, ${JSON.stringify(queueOptions(job))}::text::jsonb, ${encodeJson(parsed.data)}::text::jsonb,
      ${tx.scope.correlationId}, ${startAfter?.toISOString() ?? null}::timestamptz, ${singletonKey ?? null}) as id`);
  return fromUuid('job', one(rows).id);
}
