import { startProxy } from '@storegraph/testing/proxy';
import { expect, it, onTestFinished } from 'vitest';
import { NUMBERS, type NumbersData } from './numbers.ts';
import { openPage } from './page.ts';
import { numbersServer, upTo } from './stream.ts';

it('gives a page each event once and in order, over connections that end in every way, until it is left', async () => {
  const numbers = await numbersServer();
  const proxy = await startProxy({ target: numbers });
  onTestFinished(() => proxy.close());
  const page = await openPage();

  const seen: number[] = [];
  const changes: string[] = [];
  /** While it is there, the page does not take another number. */
  let hold: PromiseWithResolvers<void> | undefined;
  let news = Promise.withResolvers<void>();
  await page.exposeFunction('tell', (change: string | number) => {
    if (typeof change === 'number') seen.push(change);
    else changes.push(change);
    news.resolve();
    news = Promise.withResolvers();
    return typeof change === 'number' ? hold?.promise : undefined;
  });
  const seenUpTo = async (last: number) => {
    while (seen.length < last) await news.promise;
    expect(seen).toEqual(upTo(last));
  };
  const heard = async (change: string) => {
    while (!changes.includes(change)) await news.promise;
    changes.splice(0, changes.indexOf(change) + 1);
  };

  const streaming = page.evaluate(
    async ({ url, query }) => {
      const { tell: report } = globalThis as unknown as { tell(news: string | number): Promise<void> };
      const { createClient } = await import('@storegraph/client');
      let count = 0;
      const client = createClient({
        url,
        token: () => Promise.resolve(`token ${(count += 1)}`),
        backoff: { first: 5, most: 20 },
        keepAlive: 100,
        answerWithin: 2_000,
        onConnection: (change) => void report(change.state === 'LOST' ? `LOST ${change.closeCode}` : change.state),
      });
      const feed = client.subscribe<NumbersData>({ query, variables: { after: '0' }, buffer: 10 });
      for await (const { data } of feed) {
        await report(data?.numbers.number ?? NaN);
        if (data?.numbers.number === 700) break;
      }
      return feed.cursor;
    },
    { url: `http://${proxy.host}:${proxy.port}/graphql`, query: NUMBERS },
  );

  numbers.publish(10);
  await seenUpTo(10);
  await heard('CONNECTED');

  for (const [at, code] of [1000, 1001, 1011, 1012, 1013, 4408, 4403].entries()) {
    numbers.close(code);
    await heard(`LOST ${code}`);
    numbers.publish(20 + at * 10);
    await seenUpTo(20 + at * 10);
  }

  for (let last = 80; last < 100; last += 4) {
    proxy.cutAfterBytes(70 + last);
    numbers.publish(last + 4);
    await seenUpTo(last + 4);
  }

  proxy.halfOpen();
  numbers.publish(110);
  await heard('LOST 4499');
  proxy.restore();
  await seenUpTo(110);

  numbers.away(true);
  await heard('LOST 1006');
  await heard('LOST 1006');
  numbers.publish(120);
  numbers.away(false);
  await seenUpTo(120);

  hold = Promise.withResolvers();
  numbers.publish(700);
  await seenUpTo(121);
  // The page holds as many as it may: the subscription is given up, and comes back when they are taken.
  await numbers.ended(numbers.cursors.length);
  hold.resolve();
  hold = undefined;
  await seenUpTo(700);
  expect(await streaming).toBe('700');
  await numbers.closed();
});
