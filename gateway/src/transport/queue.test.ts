import { expect, it } from 'vitest';
import { createQueue } from './queue.ts';

const over = { done: true, value: undefined };
const one = (value: unknown) => ({ done: false, value });

it('gives what comes in its order, waited for or not, and then the error, once', async () => {
  const tally = { count: 0 };
  const queue = createQueue<number>(tally, () => undefined);
  const first = queue.next();
  for (const number of [1, 2, 3]) queue.push(number);
  expect([await first, queue.size, tally.count]).toEqual([one(1), 2, 2]);
  queue.end(new Error('lost'));
  queue.push(4);
  expect([await queue.next(), await queue.next(), tally.count]).toEqual([one(2), one(3), 0]);
  await expect(queue.next()).rejects.toThrow('lost');
  expect(await queue.next()).toEqual(over);
});

it('tells one of those who wait of the error, and the others that it is over', async () => {
  const queue = createQueue<number>({ count: 0 }, () => undefined);
  const waiting = [queue.next(), queue.next()];
  queue.end(new Error('lost'));
  await expect(waiting[0]).rejects.toThrow('lost');
  expect([await waiting[1], await queue.next()]).toEqual([over, over]);
});

it('forgets what waits when its reader leaves, and says that it did', async () => {
  const tally = { count: 5 };
  let left = 0;
  const queue = createQueue<number>(tally, () => (left += 1));
  queue.push(1);
  queue.push(2);
  expect(tally.count).toBe(7);
  await queue.return?.();
  expect([left, tally.count, await queue.next()]).toEqual([1, 5, over]);
});
