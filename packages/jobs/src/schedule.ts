import type { Logger } from '@storegraph/core';
import type { Direct } from '@storegraph/database';
import { CronExpressionParser } from 'cron-parser';
import type { Job } from './job.ts';

export interface Schedule {
  stop(): Promise<void>;
}

const lookEveryMs = 10_000;

interface Row {
  readonly name: string;
  readonly cron: string;
  readonly since: Date;
  readonly now: Date;
}

/**
 * Enqueues scheduled jobs when they are due, by the database's clock: each occurrence once, whichever of the processes comes first; of those that were
 * missed while none ran, the last.
 */
export async function startSchedule({ direct, jobs, log }: { direct: Direct; jobs: readonly Job[]; log: Logger }): Promise<Schedule> {
  for (const { name, cron } of jobs) await keep(direct, name, cron);
  const names = jobs.filter(({ cron }) => cron !== null).map(({ name }) => name);
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();
  let stopped = names.length === 0;

  const look = () => {
    looking = enqueueDue(direct, names)
      .catch((error: unknown) => log.warn({ error }, 'the schedule could not be read'))
      .then(() => {
        if (!stopped) timer = setTimeout(look, lookEveryMs);
      });
  };
  if (!stopped) look();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await looking;
    },
  };
}

/** A job that is new, or is scheduled otherwise from now on, does not run for times that have gone by. */
async function keep(direct: Direct, name: string, cron: string | null): Promise<void> {
  if (cron === null) {
    await direct.query('delete from jobs.schedule where name = $1', [name]);
    return;
  }
  await direct.query(
    `insert into jobs.schedule as s (name, cron) values ($1, $2)
     on conflict (name, key) do update set cron = excluded.cron, updated_on = now() where s.cron <> excluded.cron`,
    [name, cron],
  );
}

export async function enqueueDue(direct: Direct, names: readonly string[]): Promise<void> {
  const rows = await direct.query<Row>(
    'select name, cron, updated_on as since, now() as now from jobs.schedule where name = any($1::text[])',
    [names],
  );
  for (const { name, cron, since, now } of rows) {
    const due = lastOccurrence(cron, now);
    if (due <= since) continue;
    await direct.query(
      `with claimed as (update jobs.schedule set updated_on = $2 where name = $1 and key = '' and updated_on < $2 returning name)
       select jobs.insert_job(name, '{"storeId": null, "correlationId": null, "data": {}}', now(), null) from claimed`,
      [name, due],
    );
  }
}

/** The last time at or before `now` for which the expression stands, in UTC. */
export const lastOccurrence = (cron: string, now: Date): Date =>
  // The parser gives times before its own.
  CronExpressionParser.parse(cron, { currentDate: new Date(now.getTime() + 1), tz: 'UTC' })
    .prev()
    .toDate();
