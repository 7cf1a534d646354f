import type { Logger } from '@storegraph/core';
import { Pool } from 'pg';
import { RateLimiterPostgres } from 'rate-limiter-flexible';
import { bucketsOf, type BucketOptions, type Buckets, type LeakyLimiter } from './bucket.ts';
import { leakyMemory, level } from './memory.ts';

export interface SharedBucketOptions extends BucketOptions {
  /** A login that may read and write `limits.cost_buckets`, which the migrations make. */
  readonly databaseUrl: string;
  readonly log: Logger;
  /** How many milliseconds the database may take. Every request waits for it twice; without it, its bucket is one of this process. */
  readonly withinMs?: number;
}

/** After a failure nobody asks the database for so long. */
const restMs = 1_000;
const sweepEveryMs = 300_000;
const sweptAtOnce = 1_000;

/** Buckets that all gateways with the same database share; while that does not answer, buckets in this process. */
export function sharedBuckets({ databaseUrl, log, withinMs = 500, ...options }: SharedBucketOptions): Buckets {
  const pool = new Pool({
    connectionString: databaseUrl,
    application_name: 'storegraph gateway',
    max: 5,
    connectionTimeoutMillis: withinMs,
    statement_timeout: withinMs,
    query_timeout: withinMs,
    allowExitOnIdle: true,
  });
  // Of a connection that nobody uses: the next one who needs one opens another.
  pool.on('error', (error) => log.warn({ error }, 'a connection for the buckets of points was lost'));
  const sweeping = setInterval(() => {
    if (pool.ending) return;
    sweep(pool).catch((error: unknown) => log.warn({ error }, 'buckets that are full could not be let go of'));
  }, sweepEveryMs);
  sweeping.unref();
  return bucketsOf(leakyPostgres(pool, options, log), options, async () => {
    clearInterval(sweeping);
    await pool.end();
  });
}

/** Few rows at a time: one statement for all of them would take longer than one may, time and again, while they become more. */
async function sweep(pool: Pool): Promise<void> {
  for (;;) {
    const { rowCount } = await pool.query({ name: 'sweep', text: sweepStatement, values: [sweptAtOnce] });
    if (rowCount !== sweptAtOnce || pool.ending) return;
  }
}

/**
 * The library's limiter counts in windows, by the clock of whoever asks. What it writes by, `_upsert`, is one statement here: it reads the level, adds, and
 * writes when the bucket will be full again, by the clock of the database. What gateways do at once happens to a row one after the other.
 */
function leakyPostgres(pool: Pool, options: BucketOptions, log: Logger): LeakyLimiter {
  const { maximumAvailable, restoreRate } = options;
  const limiter = new RateLimiterPostgres({
    storeClient: pool,
    storeType: 'pool',
    schemaName: 'limits',
    tableName: 'cost_buckets',
    tableCreated: true,
    clearExpiredByTimeout: false,
    keyPrefix: '',
    points: maximumAvailable,
    duration: 0,
    insuranceLimiter: leakyMemory(options),
  });
  const reward = limiter.reward.bind(limiter);
  let restsUntil = 0;
  return Object.assign(limiter, {
    /** Of fewer than no points it takes more, whether they are there or not. */
    reward: (key: string, points = 1) => reward(key, points, { regardless: true }),
    async _upsert(key: string, points: number, _ms: number, _force: boolean, { regardless = false }: { regardless?: boolean } = {}) {
      if (performance.now() < restsUntil) throw new Error('The database did not answer a moment ago.');
      try {
        const values = [key, points, maximumAvailable, restoreRate, regardless];
        return await pool.query<{ used: number }>({ name: 'charge', text: chargeStatement, values });
      } catch (error) {
        // Once for all of those that were waiting for it.
        if (performance.now() >= restsUntil)
          log.warn({ error }, 'the buckets of points are kept in this process while the database does not answer');
        restsUntil = performance.now() + restMs;
        throw error;
      }
    },
    _getRateLimiterRes: (_key: string, _points: number, { rows: [row] }: { rows: { used: number }[] }) => level(row?.used ?? 0),
  });
}

const now = '(extract(epoch from clock_timestamp()) * 1000)::float8';

/**
 * $1 key, $2 points to add, $3 maximum, $4 points a second, $5 whether they are added even where they do not fit. Gives what is, or would be, used.
 * The clock is read once the row is locked, so that it goes with the order in which bucket is asked; `offset 0` has it read once.
 */
const chargeStatement = `
  insert into limits.cost_buckets as b (key, used, full_at)
  values ($1, greatest(0, $2::float8), ${now} + case when $5::boolean or $2 <= $3::float8 then greatest(0, $2) * 1000 / $4::float8 else 0 end)
  on conflict (key) do update set (used, full_at) = (
    select level, case when $5 or level <= $3 then at + level * 1000 / $4 else b.full_at end
    from (
      select at, greatest(0, greatest(0, b.full_at - at) * $4 / 1000 + $2) as level
      from (select ${now} as at offset 0) clock offset 0
    ) bucket
  )
  returning used`;

/** Full buckets need no row. Those that were full a moment ago may be asked for again. $1 how many at most; those that another gateway is at are its own. */
const sweepStatement = `
  delete from limits.cost_buckets where key = any (array(
    select key from limits.cost_buckets where full_at < ${now} - 60000 limit $1 for update skip locked
  ))`;
