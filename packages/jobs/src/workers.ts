import type { Sealer } from '@storegraph/auth';
import { decodeJson, fromUuid, newId, systemClock, type Clock, type Logger } from '@storegraph/core';
import { describeFailure, openDirect, systemRoleOf, type Pool } from '@storegraph/database';
import { PgBoss, type Job as BossJob } from 'pg-boss';
import { z } from 'zod';
import { heartbeatSeconds, queueOptions, type Job } from './job.ts';
import { runJob, type Running } from './run.ts';
import { startSchedule, type Schedule } from './schedule.ts';

export interface WorkerOptions {
  /** A login made by `migrate`: of all domains, or of the one whose jobs run here. */
  readonly url: string;
  readonly prefix?: string;
  /** Of the same login. */
  readonly pool: Pool;
  readonly jobs: readonly { readonly domain: string; readonly job: Job }[];
  readonly sealer: Sealer;
  readonly clock?: Clock;
  readonly log: Logger;
  readonly pollSeconds?: number;
}

export interface DeadJob {
  readonly id: string;
  readonly job: string;
  readonly storeId: string | null;
  readonly failedAt: Date;
}

export interface Workers {
  /** Resolves when the jobs that are running have ended, or 10 s later: then they go back to the queue. */
  stop(): Promise<void>;
  /** Jobs of this process' domains that were given up, longest ago first. */
  dead(): Promise<readonly DeadJob[]>;
  /** Has the dead jobs of one name tried again. Gives how many. */
  retryDead(job: string): Promise<number>;
  /** For tests: resolves when no job of these is running or due. */
  idle(): Promise<void>;
}

const schema = 'jobs';
const connections = 3;
const stopTimeoutMs = 10_000;
/** With the heartbeat and a poll it makes less than 35 s from a worker's death to the next attempt. */
const superviseSeconds = 5;

const envelope = z.object({ storeId: z.uuid().nullable(), correlationId: z.string().nullable(), data: z.unknown() });

/** Runs the jobs of these domains. Any number of processes may do so. */
export async function startWorkers(options: WorkerOptions): Promise<Workers> {
  const { url, prefix = 'storegraph', pool, jobs, sealer, clock = systemClock, log, pollSeconds = 2 } = options;
  const direct = openDirect({
    url,
    role: systemRoleOf({ url, prefix, kernel: 'jobs' }),
    max: connections,
    applicationName: 'storegraph jobs',
    log,
  });
  const boss = new PgBoss({
    db: { executeSql: async (text, values) => ({ rows: await direct.query<object>(text, values) }) },
    schema,
    migrate: false,
    supervise: true,
    superviseIntervalSeconds: superviseSeconds,
    monitorIntervalSeconds: superviseSeconds,
    // They want rights on the schema that only the migrator has.
    reindex: false,
    persistQueueStats: false,
    monitorVacuum: false,
    // Its own scheduler wants to see every domain's schedules.
    schedule: false,
    // Jobs that wait for jobs are not used.
    flowIntervalSeconds: 3_600,
  });
  boss.on('error', (error: unknown) => log.warn({ error }, 'the job queue reports an error'));
  boss.on('warning', ({ message }: { message: string }) => log.warn({ code: message }, 'the job queue reports a warning'));
  let schedule: Schedule | undefined;
  try {
    await boss.start();
    for (const { domain, job } of jobs) {
      if (!job.name.startsWith(`${domain}.`)) throw new Error(`The name of ${job.name}, a job of ${domain}, begins with another domain`);
      await prepare(boss, job);
      const polling = {
        pollingIntervalSeconds: pollSeconds,
        localConcurrency: job.concurrency,
        heartbeatRefreshSeconds: heartbeatSeconds / 3,
      };
      await boss.work<unknown>(job.name, polling, async ([each]) => {
        if (each) await run({ pool, domain, sealer, clock, log }, job, each);
      });
    }
    schedule = await startSchedule({ direct, jobs: jobs.map(({ job }) => job), log });
  } catch (error) {
    await boss.stop({ graceful: false }).catch(() => undefined);
    await direct.close();
    throw error;
  }

  const names = jobs.map(({ job }) => job.name);
  return {
    async stop() {
      await schedule?.stop();
      await Promise.all(names.map((name) => boss.offWork(name, { wait: false })));
      await boss.stop({ graceful: true, timeout: stopTimeoutMs });
      await direct.close();
    },
    async dead() {
      const rows = await direct.query<{ id: string; name: string; store: string | null; created_on: Date }>(
        `select id, name, data->>'storeId' as store, created_on from jobs.job where name = any($1::text[]) and state = 'created' order by created_on`,
        [names.map(deadLetter)],
      );
      return rows.map(({ id, name, store, created_on }) => ({
        id: fromUuid('job', id),
        job: name.slice(0, -deadSuffix.length),
        storeId: store === null ? null : fromUuid('sto', store),
        failedAt: created_on,
      }));
    },
    retryDead: (job) => boss.redrive(deadLetter(job)),
    async idle() {
      for (;;) {
        const [row] = await direct.query<{ busy: boolean }>(
          `select exists (select from jobs.job where name = any($1::text[]) and (state = 'active' or state < 'active' and start_after <= now() + interval '1 minute')) as busy`,
          [names],
        );
        if (row?.busy !== true) return;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
  };
}

const deadSuffix = '.dead';
const deadLetter = (name: string) => `${name}${deadSuffix}`;

async function prepare(boss: PgBoss, job: Job): Promise<void> {
  const options = queueOptions(job);
  await boss.createQueue(deadLetter(job.name));
  await boss.createQueue(job.name, { ...options, deadLetter: deadLetter(job.name) });
  // For a queue that was made by an earlier version of the job.
  await boss.updateQueue(job.name, options);
}

async function run(running: Running, job: Job, { id, data: stored, retryCount, signal }: BossJob<unknown>): Promise<void> {
  const attempt = retryCount + 1;
  const log = running.log.child({ job: job.name, jobId: id, attempt });
  try {
    const { storeId: store, correlationId: given, data } = envelope.parse(stored);
    const storeId = store === null ? null : fromUuid('sto', store);
    const parsed = job.data.parse(decodeJson(JSON.stringify(data)));
    await runJob(
      { ...running, log },
      job,
      { jobId: fromUuid('job', id), storeId, correlationId: given ?? newId('req'), attempt, signal },
      parsed,
    );
  } catch (error) {
    log.warn({ error }, 'a job failed');
    // What is thrown here is stored with the job.
    throw failed(describeFailure(error));
  }
}

function failed(description: string): Error {
  const error = new Error(description);
  error.name = 'JobFailed';
  delete error.stack;
  return error;
}
