export { enqueue, type EnqueueOptions } from './enqueue.ts';
export { defineJob, type Job, type JobContext, type Retry } from './job.ts';
export { startWorkers, type DeadJob, type WorkerOptions, type Workers } from './workers.ts';
