import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { memoryBuckets } from './memory.ts';

beforeEach(() => void vi.useFakeTimers({ now: 1_790_000_000_000 }));
afterEach(() => void vi.useRealTimers());

const options = { maximumAvailable: 1_000, restoreRate: 50 };
const left = (points: number) => ({ maximumAvailable: 1_000, currentlyAvailable: points, restoreRate: 50 });

it('holds its maximum, and gives no point twice', async () => {
  const buckets = memoryBuckets(options);
  expect(await buckets.take('a', 600)).toEqual({ status: left(400), waitMs: 0 });
  expect(await buckets.take('a', 400)).toEqual({ status: left(0), waitMs: 0 });
  expect(await buckets.take('a', 1)).toEqual({ status: left(0), waitMs: 20 });
  expect(await buckets.take('b', 1_000)).toEqual({ status: left(0), waitMs: 0 });
});

it('fills continuously, by its rate, up to its maximum', async () => {
  const buckets = memoryBuckets(options);
  await buckets.take('a', 1_000);
  vi.advanceTimersByTime(500);
  expect(await buckets.take('a', 100)).toEqual({ status: left(25), waitMs: 1_500 });
  vi.advanceTimersByTime(1_500);
  expect(await buckets.take('a', 100)).toEqual({ status: left(0), waitMs: 0 });
  vi.advanceTimersByTime(19_980);
  expect(await buckets.take('a', 0)).toEqual({ status: left(999), waitMs: 0 });
  vi.advanceTimersByTime(3_600_000);
  expect(await buckets.take('a', 10)).toEqual({ status: left(990), waitMs: 0 });
});

it('takes back what was not needed, never above its maximum, and what was needed beyond', async () => {
  const buckets = memoryBuckets(options);
  await buckets.take('a', 800);
  expect(await buckets.giveBack('a', 300)).toEqual(left(500));
  expect(await buckets.giveBack('a', -600)).toEqual(left(0));
  expect(await buckets.take('a', 100)).toEqual({ status: left(0), waitMs: 4_000 });
  expect(await buckets.giveBack('a', 5_000)).toEqual(left(1_000));
  expect(vi.getTimerCount()).toBe(0);
});

it('counts every one of those that come at once', async () => {
  const buckets = memoryBuckets(options);
  const taken = await Promise.all(Array.from({ length: 30 }, () => buckets.take('a', 100)));
  expect(taken.filter(({ waitMs }) => waitMs === 0)).toHaveLength(10);
});
