import { expect, it } from 'vitest';
import { createQueue } from './queue.ts';

const over = { done: true, value: undefined };
const is = (value: number) => ({ done: false, value });

it('gives things in their order, to whoever asked first', async () => {
  const queue = createQueue<number>(2);
  const [one, two] = [queue.next(), queue.next()];
  expect([1, 2, 3, 4, 5].map((thing) => queue.push(thing))).toEqual([true, true, true, true, false]);
  queue.end();
  expect(queue.push(6)).toBe(false);
  expect(await Promise.all([one, two, queue.next(), queue.next(), queue.next(), queue.next()])).toEqual([
    is(1),
    is(2),
    is(3),
    is(4),
    over,
    over,
  ]);
});

it('tells an error once, behind what is in it', async () => {
  const queue = createQueue<number>(2);
  queue.push(1);
  queue.end(new Error('gone'));
  queue.end();
  expect(await queue.next()).toEqual(is(1));
  await expect(queue.next()).rejects.toThrow('gone');
  expect(await queue.next()).toEqual(over);

  const asked = createQueue<number>(2);
  const waiting = [asked.next(), asked.next()];
  asked.end(new Error('gone'));
  await expect(waiting[0]).rejects.toThrow('gone');
  expect(await waiting[1]).toEqual(over);
  expect(await asked.next()).toEqual(over);
});

it('says when it is empty, and drops what is in it when it is closed', async () => {
  const queue = createQueue<number>(2);
  await queue.drained();
  queue.push(1);
  queue.push(2);
  let isDrained = false;
  const drained = queue.drained().then(() => (isDrained = true));
  await queue.next();
  expect(isDrained).toBe(false);
  await queue.next();
  expect(await drained).toBe(true);

  queue.push(3);
  const closed = queue.drained();
  queue.close();
  await closed;
  expect(await queue.next()).toEqual(over);
});
