import { expect, it } from 'vitest';
import { sleep, waitAfter } from './backoff.ts';

it('waits anything up to a time that doubles with each failure, and no longer than the longest', () => {
  const longest = [1, 2, 3, 4, 5, 2_000].map((failures) => waitAfter(failures, { first: 500, most: 5_000, random: () => 1 }));
  expect(longest).toEqual([500, 1_000, 2_000, 4_000, 5_000, 5_000]);
  expect(waitAfter(3, { first: 500, most: 5_000, random: () => 0.25 })).toBe(500);
  expect(waitAfter(9, { random: () => 0 })).toBe(0);
  expect(waitAfter(99, { random: () => 1 })).toBe(15_000);
});

it('does not wait on when the signal aborts', async () => {
  const controller = new AbortController();
  const waits = [sleep(1e9, controller.signal), sleep(1e9, AbortSignal.abort())];
  controller.abort();
  expect(await Promise.all(waits)).toEqual([undefined, undefined]);
});
