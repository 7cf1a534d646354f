import { toUuid } from '@storegraph/core';
import type { Connection } from '@storegraph/database';
import { listJobs, type JobConditions, type JobView } from '@storegraph/jobs';
import { PublicError, type Context } from '@storegraph/subgraph';
import type { QueryJobsArgs } from '../generated/graphql.ts';
import { connectionOf, readPage } from '../platform/paging.ts';

const maxQueues = 100;

/** Jobs of every domain, the latest first. The queue keeps no count of what it holds. */
export async function listAllJobs(
  { db }: Context,
  { first, after, filter }: QueryJobsArgs,
): Promise<Omit<Connection<JobView>, 'totalCount'>> {
  const page = readPage({ first: first ?? null, after: after ?? null });
  if ((filter?.queues?.length ?? 0) > maxQueues) throw new PublicError('BAD_REQUEST', `Name at most ${maxQueues} queues.`);
  const conditions: JobConditions = { queues: filter?.queues ?? null, states: filter?.states ?? null };
  const rows = await db.read((tx) => listJobs(tx, conditions, page.before, page.size + 1));
  return connectionOf(page, rows, (job) => [job.placed, toUuid(job.id)]);
}
