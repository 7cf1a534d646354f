import { silentLogger } from '@storegraph/core';
import { testDatabase, type TestDatabase } from '@storegraph/testing';
import { startProxy } from '@storegraph/testing/proxy';
import { afterEach, beforeAll, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import type { Buckets } from './bucket.ts';
import { sharedBuckets, type SharedBucketOptions } from './postgres.ts';

/** Restores so little while a test runs that its figures are exact. */
const options = { maximumAvailable: 1_000, restoreRate: 0.001 };
const left = (points: number) => ({ ...options, currentlyAvailable: points });

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
let opened: Buckets[] = [];
beforeEach(() => database.admin('delete from limits.cost_buckets'));
afterEach(async () => {
  await Promise.all(opened.map((buckets) => buckets.close()));
  opened = [];
});

/** Those of one gateway, with its own login. It waits as long as a busy machine may need. */
function gateway(other: Partial<SharedBucketOptions> = {}): Buckets {
  const buckets = sharedBuckets({ ...options, databaseUrl: database.loginOf('gateway'), log: silentLogger, withinMs: 60_000, ...other });
  opened.push(buckets);
  return buckets;
}

it('are one bucket for all gateways: what one takes or gives back, the others see', async () => {
  const [one, other] = [gateway(), gateway()];
  expect(await one.take('a', 600)).toEqual({ status: left(400), waitMs: 0 });
  expect(await other.take('a', 400)).toEqual({ status: left(0), waitMs: 0 });
  expect(await one.take('a', 0)).toEqual({ status: left(0), waitMs: 0 });
  expect(await other.giveBack('a', 250)).toEqual(left(250));
  const { status, waitMs } = await one.take('a', 300);
  expect([status, Math.round(waitMs / 1e6)]).toEqual([left(250), 50]);
  expect(await one.take('a', 250)).toEqual({ status: left(0), waitMs: 0 });
  expect(await other.take('b', 1_000)).toEqual({ status: left(0), waitMs: 0 });
});

it('give no point twice to those who come at once, whichever gateway they come to', async () => {
  const [one, other] = [gateway(), gateway()];
  const either = (index: number) => (index % 2 === 0 ? one : other);
  const taken = await Promise.all(Array.from({ length: 120 }, (_, index) => either(index).take('a', 30)));
  const got = taken.filter((each) => each.waitMs === 0);
  expect(got).toHaveLength(33);
  expect(got.map((each) => each.status.currentlyAvailable).toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: 33 }, (_, index) => 10 + 30 * index),
  );
  const given = await Promise.all(Array.from({ length: 33 }, (_, index) => either(index).giveBack('a', 20)));
  expect(Math.max(...given.map((status) => status.currentlyAvailable))).toBe(10 + 33 * 20);
});

it('take back never above their maximum, and what was needed beyond, even where it is not there', async () => {
  const [one, other] = [gateway(), gateway()];
  expect(await one.giveBack('a', -700)).toEqual(left(300));
  expect(await other.giveBack('a', -700)).toEqual(left(0));
  expect((await one.take('a', 1)).status).toEqual(left(0));
  expect(await one.giveBack('a', 401)).toEqual(left(1));
  expect(await other.giveBack('a', 5_000)).toEqual(left(1_000));
  expect(await one.take('a', 1_000)).toEqual({ status: left(0), waitMs: 0 });
});

it('fill continuously, by the clock of the database', async () => {
  const fast = gateway({ restoreRate: 50 });
  await fast.take('a', 1_000);
  const passed = async (ms: number) => void (await database.admin(`update limits.cost_buckets set full_at = full_at - ${ms}`));
  await passed(500_000 / 50);
  const { status } = await fast.take('a', 0);
  expect(status.currentlyAvailable).toBeGreaterThanOrEqual(500);
  // Less than ten minutes have passed since.
  expect(status.currentlyAvailable).toBeLessThan(1_000);
  await passed(1e9);
  expect((await fast.take('a', 10)).status.currentlyAvailable).toBe(990);
});

it('need nothing of the gateway’s login but this one table', async () => {
  const login = 'storegraph_gateway_login';
  const rights = await database.admin(
    `select table_schema || '.' || table_name as table, string_agg(privilege_type, ' ' order by privilege_type) as rights
     from information_schema.table_privileges where grantee = $1 group by 1`,
    [login],
  );
  expect(rights).toEqual([{ table: 'limits.cost_buckets', rights: 'DELETE INSERT SELECT UPDATE' }]);
  expect(await database.admin('select has_schema_privilege($1, $2, $3) as make', [login, 'limits', 'CREATE'])).toEqual([{ make: false }]);
});

it('are those of the process while the database fails, and shared again when it does not', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const warn = vi.fn();
  const buckets = gateway({ log: { ...silentLogger, warn } });
  expect((await buckets.take('a', 100)).status).toEqual(left(900));
  await database.admin('alter table limits.cost_buckets rename to elsewhere');
  expect((await buckets.take('a', 300)).status).toEqual(left(700));
  expect((await buckets.take('a', 800)).waitMs).toBeGreaterThan(0);
  expect(await buckets.giveBack('a', 100)).toEqual(left(800));
  expect(warn.mock.calls.map(([, message]) => message as unknown)).toEqual([
    'the buckets of points are kept in this process while the database does not answer',
  ]);
  await database.admin('alter table limits.elsewhere rename to cost_buckets');
  expect((await buckets.take('a', 0)).status).toEqual(left(800));
  vi.advanceTimersByTime(1_001);
  expect((await buckets.take('a', 50)).status).toEqual(left(850));
});

it('are those of the process where the database is silent', async () => {
  const url = new URL(database.loginOf('gateway'));
  const proxy = await startProxy({ target: { host: url.hostname, port: Number(url.port) } });
  onTestFinished(() => proxy.close());
  proxy.halfOpen();
  url.host = `${proxy.host}:${proxy.port}`;
  const buckets = gateway({ databaseUrl: url.href, withinMs: 20 });
  expect(await buckets.take('a', 100)).toEqual({ status: left(900), waitMs: 0 });
  expect(await buckets.giveBack('a', 40)).toEqual(left(940));
});

it('take no room once they are full, however many there are', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const buckets = gateway();
  await database.admin(
    `insert into limits.cost_buckets select number, 0, case when number <= 2500 then 0 else 9e15 end from generate_series(1, 2503) number`,
  );
  await buckets.take('a', 1);
  vi.advanceTimersByTime(300_000);
  const kept = () => database.admin('select key from limits.cost_buckets order by key');
  await expect.poll(kept, { timeout: 60_000 }).toEqual(['2501', '2502', '2503', 'a'].map((key) => ({ key })));
});
