import { describe, expect, it } from 'vitest';
import { createOutbox } from './outbox.ts';

function outbox(settings: { bufferedBytes?: number; bufferedAnswers?: number; stalledMs?: number }) {
  const written: string[] = [];
  const taken: (() => void)[] = [];
  let buffered = 0;
  const gaveUp = Promise.withResolvers<void>();
  let givenUp = 0;
  const box = createOutbox({
    write: (text, done) => {
      written.push(text);
      buffered += text.length;
      taken.push(() => {
        buffered -= text.length;
        done();
      });
    },
    buffered: () => buffered,
    fellBehind: () => {
      givenUp += 1;
      gaveUp.resolve();
    },
    open: new Set(),
    settings: { bufferedBytes: 1_000, bufferedAnswers: 100, stalledMs: 60_000, ...settings },
  });
  return { box, written, take: () => taken.shift()?.(), gaveUp: gaveUp.promise, times: () => givenUp };
}

describe('a client is given up', () => {
  it('when more bytes wait than may, and what does not fit is not sent', () => {
    const { box, written, times, take } = outbox({ bufferedBytes: 10 });
    void box.send('1234');
    void box.send('5678');
    expect(times()).toBe(0);
    void box.send('901');
    expect([written, times()]).toEqual([['1234', '5678'], 1]);
    take();
    void box.send('901');
    expect([written, times()]).toEqual([['1234', '5678', '901'], 1]);
    box.close();
  });
  it('when more messages wait than may', () => {
    const { box, written, times } = outbox({ bufferedAnswers: 3 });
    for (const text of ['a', 'b', 'c', 'd']) void box.send(text);
    expect([written, times()]).toEqual([['a', 'b', 'c'], 1]);
    box.close();
  });
  it('when it takes nothing for too long', async () => {
    const { box, gaveUp } = outbox({ bufferedBytes: 10, stalledMs: 5 });
    void box.send('123456');
    await gaveUp;
  });
  it('not for one message, however large', () => {
    const { box, written, times } = outbox({ bufferedBytes: 3 });
    void box.send('12345');
    expect([written, times()]).toEqual([['12345'], 0]);
    box.close();
  });
});

it('says to wait while more than half is full, and no longer', async () => {
  const { box, take } = outbox({ bufferedAnswers: 4 });
  expect([box.send('a'), box.send('b')]).toEqual([undefined, undefined]);
  const room = box.send('c');
  expect(box.send('d')).toBe(room);
  let free = false;
  const waited = room?.then(() => (free = true));
  take();
  await Promise.resolve();
  expect(free).toBe(false);
  take();
  await waited;
  expect(free).toBe(true);
  expect(box.send('e')).not.toBe(room);
  box.close();
});
