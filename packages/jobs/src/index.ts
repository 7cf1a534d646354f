export { enqueue, type EnqueueOptions } from './enqueue.ts';
export { defineJob, type Job, type JobContext, type Retry } from './job.ts';
export { runJob } from './run.ts';
export { cancelJob, findJobs, listJobs, retryJob, type JobConditions, type JobView } from './view.ts';
export { startWorkers, type DeadJob, type WorkerOptions, type Workers } from './workers.ts';
