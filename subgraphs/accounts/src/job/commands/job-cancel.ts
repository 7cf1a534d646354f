import { fail, ok } from '@storegraph/core';
import { cancelJob, findJobs } from '@storegraph/jobs';
import { readId, type Context } from '@storegraph/subgraph';
import type { JobCancelInput } from '../../generated/graphql.ts';

export function jobCancel({ db }: Context, input: JobCancelInput) {
  const id = readId('job', input.jobId);
  return db.write(async (tx) => {
    const [known] = await findJobs(tx, [id]);
    if (!known) return fail('NOT_FOUND', 'No such job.', ['jobId']);
    if (!(await cancelJob(tx, id))) return fail('ALREADY_ENDED', 'The job has ended.', ['jobId']);
    const [job] = await findJobs(tx, [id]);
    return job ? ok(job) : fail('NOT_FOUND', 'No such job.', ['jobId']);
  });
}
