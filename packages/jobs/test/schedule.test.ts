import { silentLogger } from '@storegraph/core';
import { openDirect } from '@storegraph/database';
import { testDatabase } from '@storegraph/testing';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { defineJob } from '../src/index.ts';
import { enqueueDue, lastOccurrence, startSchedule } from '../src/schedule.ts';

const database = await testDatabase();
const direct = openDirect({ url: database.loginOf('orders'), role: 'storegraph_orders_system', max: 3 });
afterAll(() => direct.close());

const name = 'orders.test-nightly';
const jobs = async () => (await database.admin('select from jobs.job where name = $1', [name])).length;
const scheduled = (cron: string | null) =>
  defineJob({ name, data: z.object({}), ...(cron === null ? {} : { cron }), handle: () => Promise.resolve() });

test('the last occurrence is the one at or before the moment', () => {
  expect(lastOccurrence('0 3 * * *', new Date('2026-11-20T02:59:59.999Z')).toISOString()).toBe('2026-11-19T03:00:00.000Z');
  expect(lastOccurrence('0 3 * * *', new Date('2026-11-20T03:00:00.000Z')).toISOString()).toBe('2026-11-20T03:00:00.000Z');
  expect(lastOccurrence('0 3 * * 1', new Date('2026-11-20T12:00:00.000Z')).toISOString()).toBe('2026-11-16T03:00:00.000Z');
});

test('an expression that is none, or a schedule for a job that needs data, is refused at once', () => {
  expect(() => scheduled('every night')).toThrow();
  expect(() => defineJob({ name, data: z.object({ id: z.string() }), cron: '0 3 * * *', handle: () => Promise.resolve() })).toThrow(
    'has to do without data',
  );
});

test('a scheduled job is enqueued once for each time, not for times before it was scheduled, and not when it is scheduled no more', async () => {
  await database.admin(`select jobs.create_queue($1, '{"policy": "standard"}')`, [name]);
  await (await startSchedule({ direct, jobs: [scheduled('0 3 1 1 *')], log: silentLogger })).stop();
  await enqueueDue(direct, [name]);
  expect(await jobs()).toBe(0);

  // As if it had been scheduled two years ago, and no process had run since.
  await database.admin(`update jobs.schedule set updated_on = now() - interval '2 years' where name = $1`, [name]);
  await Promise.all(Array.from({ length: 6 }, () => enqueueDue(direct, [name])));
  expect(await jobs()).toBe(1);

  await database.admin(`update jobs.schedule set updated_on = now() - interval '2 years' where name = $1`, [name]);
  await (await startSchedule({ direct, jobs: [scheduled(null)], log: silentLogger })).stop();
  await enqueueDue(direct, [name]);
  expect(await jobs()).toBe(1);
});
