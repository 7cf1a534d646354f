import { fail, ok } from '@storegraph/core';
import { findJobs, retryJob } from '@storegraph/jobs';
import { readId, type Context } from '@storegraph/subgraph';
import type { JobRetryInput } from '../../generated/graphql.ts';

export function jobRetry({ db }: Context, input: JobRetryInput) {
  const id = readId('job', input.jobId);
  return db.write(async (tx) => {
    const [known] = await findJobs(tx, [id]);
    if (!known) return fail('NOT_FOUND', 'No such job.', ['jobId']);
    const next = await retryJob(tx, id);
    const [job] = next ? await findJobs(tx, [next]) : [];
    return job ? ok(job) : fail('NOT_FAILED', 'Only a job that failed or was cancelled can be tried again.', ['jobId']);
  });
}
