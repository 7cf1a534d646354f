import { expect, it } from 'vitest';
import { allowedFrom } from './attempt-limit.ts';

const lastAt = new Date('2026-11-20T12:00:00.000Z');
const wait = (free: number, count: number) => Math.max(0, allowedFrom(free, { count, lastAt }).getTime() - lastAt.getTime());

it('lets five free attempts pass, then waits 1, 2, 4 … seconds, at most a quarter of an hour', () => {
  expect([0, 1, 4, 5, 6, 7, 14, 15, 16, 1000].map((count) => wait(5, count))).toEqual([
    0, 0, 0, 1000, 2000, 4000, 512_000, 900_000, 900_000, 900_000,
  ]);
});

it('lets the first attempt pass', () => {
  expect(allowedFrom(5, { count: 0, lastAt: null })).toEqual(new Date(0));
});
