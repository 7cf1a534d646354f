import { randomBytes } from 'node:crypto';
import { createSealer, system, type Identity } from '@storegraph/auth';
import { newId, silentLogger, toUuid, type StoreId } from '@storegraph/core';
import type { Tx } from '@storegraph/database';
import { identity, testDatabase } from '@storegraph/testing';
import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineJob, enqueue, startWorkers, type Job } from '../src/index.ts';

const database = await testDatabase();
beforeAll(async () => {
  await database.admin('create table orders.test_runs (job text not null, number integer not null, store_id uuid, made bigserial)');
  await database.admin('grant select, insert on orders.test_runs to storegraph_orders');
  await database.admin('grant usage on all sequences in schema orders to storegraph_orders');
});

const data = z.object({ number: z.number().int(), amount: z.bigint().default(0n) });
type Data = z.output<typeof data>;

async function write<T>(
  command: (tx: Tx) => Promise<T>,
  { domain = 'orders', as = system(null) }: { domain?: string; as?: Identity } = {},
): Promise<T> {
  const db = database.pool.session({ domain, identity: as, correlationId: newId('req'), origin: 'LIVE' });
  try {
    return await db.write(command);
  } finally {
    await db.end();
  }
}

/** A job that notes each run in its own transaction. */
const noting = (name: string) =>
  defineJob({
    name,
    data,
    retry: { attempts: 2, firstDelaySeconds: 0, longestDelaySeconds: 1 },
    handle: ({ db, storeId }, { number }) =>
      db.write(async (tx) => {
        await tx.execute(
          sql`insert into orders.test_runs (job, number, store_id) values (${name}, ${number}, ${storeId === null ? null : toUuid(storeId)}::uuid)`,
        );
      }),
  });

const runsOf = (name: string) =>
  database.admin<{ number: number; store_id: string | null }>(
    'select number, store_id from orders.test_runs where job = $1 order by made',
    [name],
  );

const jobsOf = (name: string) => database.admin<{ state: string }>('select state from jobs.job where name = $1', [name]);

async function work(jobs: readonly Job[], options: { url?: string } = {}) {
  const workers = await startWorkers({
    url: options.url ?? database.url,
    pool: database.pool,
    jobs: jobs.map((job) => ({ domain: 'orders', job })),
    sealer: createSealer({ keys: [{ id: 'k1', key: randomBytes(32) }] }),
    log: silentLogger,
    pollSeconds: 0.5,
  });
  return { ...workers, [Symbol.asyncDispose]: workers.stop };
}

describe('enqueue', () => {
  test('is gone with a rollback', async () => {
    const job = noting('orders.test-rollback');
    await expect(
      write(async (tx) => {
        await enqueue(tx, job, { number: 1, amount: 0n });
        throw new Error('rolled back');
      }),
    ).rejects.toThrow('rolled back');
    expect(await jobsOf(job.name)).toEqual([]);
  });

  test('is refused for a queue of another domain, and for a role of sweeps', async () => {
    const foreign = noting('orders.test-foreign');
    const message = { cause: { message: 'the queue orders.test-foreign does not belong to the role storegraph_customers' } };
    await expect(write((tx) => enqueue(tx, foreign, { number: 1, amount: 0n }), { domain: 'customers' })).rejects.toMatchObject(message);
    await expect(database.pool.sweep('orders', (tx) => enqueue(tx, foreign, { number: 1, amount: 0n }))).rejects.toMatchObject({
      cause: { message: 'permission denied for function enqueue' },
    });
    expect(await jobsOf(foreign.name)).toEqual([]);
  });

  test('a request can neither read nor change the queue', async () => {
    for (const statement of [
      'select * from jobs.job',
      'select * from jobs.job_common',
      'delete from jobs.job',
      'select * from jobs.queue',
    ]) {
      await expect(write((tx) => tx.execute(sql.raw(statement)))).rejects.toMatchObject({
        cause: { message: /^permission denied for table/ },
      });
    }
  });

  test('refuses data that the job does not take, and names fields, not values', async () => {
    const job = noting('orders.test-data');
    const bad = { number: 'canary' } as unknown as Data;
    await expect(write((tx) => enqueue(tx, job, bad))).rejects.toThrow('Not the data of orders.test-data: number invalid_type');
  });

  test('with a key gives the job that waits already, also from two transactions at once', async () => {
    const job = noting('orders.test-key');
    const later = { startAfter: new Date(Date.now() + 3_600_000), singletonKey: 'one' };
    const ids = await Promise.all(Array.from({ length: 8 }, () => write((tx) => enqueue(tx, job, { number: 1, amount: 0n }, later))));
    const other = await write((tx) => enqueue(tx, job, { number: 1, amount: 0n }, { ...later, singletonKey: 'two' }));
    expect(new Set(ids).size).toBe(1);
    expect(ids).not.toContain(other);
    expect(await jobsOf(job.name)).toEqual([{ state: 'created' }, { state: 'created' }]);
  });
});

describe('a job', () => {
  test('runs once, with its data exact, as SYSTEM in the store in which it was enqueued', async () => {
    const storeId: StoreId = newId('sto');
    const seen: unknown[] = [];
    const job = defineJob({
      name: 'orders.test-once',
      data,
      handle: async ({ db, jobId, attempt, storeId: of }, given) => {
        seen.push({ given, jobId, attempt, of, kind: db.scope.identity.kind });
        await noting('orders.test-once').handle({ db, storeId: of } as Parameters<Job['handle']>[0], given);
      },
    });
    const id = await write((tx) => enqueue(tx, job, { number: 1, amount: 9007199254740993n }), { as: identity.staff(storeId) });
    await using workers = await work([job]);
    await workers.idle();
    expect(seen).toEqual([{ given: { number: 1, amount: 9007199254740993n }, jobId: id, attempt: 1, of: storeId, kind: 'SYSTEM' }]);
    expect(await runsOf(job.name)).toEqual([{ number: 1, store_id: toUuid(storeId) }]);
    expect(await jobsOf(job.name)).toEqual([{ state: 'completed' }]);
  });

  test('runs once where two processes work, and waits for its time', async () => {
    const job = noting('orders.test-two');
    await using first = await work([job]);
    await using second = await work([job]);
    for (let number = 0; number < 20; number++) await write((tx) => enqueue(tx, job, { number, amount: 0n }));
    await write((tx) => enqueue(tx, job, { number: 99, amount: 0n }, { startAfter: new Date(Date.now() + 3_600_000) }));
    await Promise.all([first.idle(), second.idle()]);
    expect((await runsOf(job.name)).map(({ number }) => number).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, number) => number),
    );
  });

  test('that keeps failing goes to the dead letters without a word of its error, and can be tried again', async () => {
    let poison = true;
    let tried = 0;
    const job = defineJob({
      name: 'orders.test-poison',
      data,
      retry: { attempts: 2, firstDelaySeconds: 0, longestDelaySeconds: 1 },
      handle: async () => {
        tried++;
        if (poison) throw new RangeError('canary of somebody');
      },
    });
    const sound = noting('orders.test-sound');
    await write(async (tx) => {
      await enqueue(tx, job, { number: 1, amount: 0n });
      await enqueue(tx, sound, { number: 1, amount: 0n });
    });
    await using workers = await work([job, sound]);
    await workers.idle();
    expect(tried).toBe(2);
    expect(await runsOf(sound.name)).toEqual([{ number: 1, store_id: null }]);
    const dead = await workers.dead();
    expect(dead).toMatchObject([{ job: job.name, storeId: null }]);
    const rows = await database.admin<{ row: string }>(
      `select to_jsonb(j)::text as row from jobs.job j where name like 'orders.test-poison%'`,
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const { row } of rows) expect(row).not.toContain('canary');
    expect(rows.some(({ row }) => row.includes('RangeError at'))).toBe(true);
    poison = false;
    expect(await workers.retryDead(job.name)).toBe(1);
    await workers.idle();
    expect(tried).toBe(3);
    expect(await workers.dead()).toEqual([]);
  });
});

test('a worker with the login of one domain runs that domain’s jobs, and sees no other’s', async () => {
  const job = noting('orders.test-split');
  await using workers = await work([job], { url: database.loginOf('orders') });
  await write((tx) => enqueue(tx, job, { number: 1, amount: 0n }));
  await database.admin(`select jobs.create_queue('customers.test-other', '{"policy": "standard"}')`);
  await database.admin(`insert into jobs.job_common (name) values ('customers.test-other')`);
  await workers.idle();
  expect(await runsOf(job.name)).toEqual([{ number: 1, store_id: null }]);
  const seen = await database.pool.sweep('orders', (tx) =>
    tx.execute<{ domain: string }>(sql`select distinct split_part(name, '.', 1) as domain from jobs.job`),
  );
  expect(seen.map(({ domain }) => domain)).toEqual(['orders']);
  await expect(
    database.pool.sweep('orders', (tx) => tx.execute(sql`select jobs.insert_job('customers.test-other', '{}', now(), null)`)),
  ).resolves.toMatchObject([{ insert_job: null }]);
  expect(await jobsOf('customers.test-other')).toEqual([{ state: 'created' }]);
});
