import { startProxy } from '@storegraph/testing/proxy';
import { expect, it, onTestFinished } from 'vitest';
import type { FeedEvent } from '../src/index.ts';
import { NUMBERS, type NumbersData } from './numbers.ts';
import { clientOf, numbersServer, take, upTo } from './stream.ts';

const fromStart = { query: NUMBERS, variables: { after: '0' } };

it('gives events in three lines', async () => {
  const numbers = await numbersServer();
  numbers.publish(3);
  const client = clientOf(numbers.url, { token: () => Promise.resolve('secret') });
  const seen: FeedEvent<NumbersData>[] = [];
  for await (const event of client.subscribe<NumbersData>(fromStart)) if (seen.push(event) === 3) break;
  expect(seen).toEqual(upTo(3).map((number) => ({ data: { numbers: { cursor: `${number}`, number } }, cursor: `${number}` })));
  await numbers.ended(1);
  expect(numbers.tokens).toEqual([{ with: 'INIT', token: 'secret' }]);
});

it.each([1000, 1001, 1011, 1012, 1013, 1014, 3000, 4408, 4499, 'CUT'] as const)(
  'goes on behind the last event when the connection ends with %s between two events',
  async (how) => {
    const numbers = await numbersServer();
    numbers.publish(9);
    numbers.misbehave({ behind: 2, with: how }, { behind: 3, with: how });
    const feed = clientOf(numbers.url).subscribe<NumbersData>(fromStart);
    expect(await take(feed, 9)).toEqual(upTo(9));
    expect(numbers.cursors).toEqual(['0', '2', '5']);
    expect(feed.cursor).toBe('9');
  },
);

it('goes on when the connection is lost while it subscribes', async () => {
  const numbers = await numbersServer();
  numbers.publish(3);
  numbers.misbehave({ behind: 0, with: 'CUT' }, { behind: 0, with: 1013 }, { behind: 0, with: 1000 });
  expect(await take(clientOf(numbers.url).subscribe<NumbersData>(fromStart), 3)).toEqual([1, 2, 3]);
  expect(numbers.cursors).toEqual(['0', '0', '0', '0']);
});

it('goes on when the connection is lost before the server has let it in', async () => {
  const numbers = await numbersServer();
  numbers.publish(3);
  numbers.receive('CUT', 1013, 1001, 'LET_IN', 'CUT', 1012);
  numbers.misbehave({ behind: 2, with: 'CUT' });
  expect(await take(clientOf(numbers.url).subscribe<NumbersData>(fromStart), 3)).toEqual([1, 2, 3]);
  expect(numbers.connections).toBe(7);
  expect(numbers.cursors).toEqual(['0', '2']);
});

it('goes on when the server was away', async () => {
  const numbers = await numbersServer();
  numbers.publish(2);
  const losses: number[] = [];
  const away = Promise.withResolvers<void>();
  const client = clientOf(numbers.url, {
    onConnection: (change) => {
      if (change.state === 'LOST' && losses.push(change.closeCode) === 4) away.resolve();
    },
  });
  const feed = client.subscribe<NumbersData>(fromStart);
  expect(await take(feed, 2)).toEqual([1, 2]);
  numbers.away(true);
  const next = take(feed, 2);
  await away.promise;
  numbers.publish(4);
  numbers.away(false);
  expect(await next).toEqual([3, 4]);
  expect(losses.slice(0, 4)).toEqual([1006, 1006, 1006, 1006]);
});

it('goes on when the connection is cut within an event', async () => {
  const numbers = await numbersServer();
  const proxy = await startProxy({ target: numbers });
  onTestFinished(() => proxy.close());
  const feed = clientOf(`ws://${proxy.host}:${proxy.port}/graphql`).subscribe<NumbersData>(fromStart);
  numbers.publish(1);
  expect(await take(feed, 1)).toEqual([1]);
  for (let last = 1; last < 40; last += 4) {
    proxy.cutAfterBytes(70 + last);
    numbers.publish(last + 4);
    expect(await take(feed, 4)).toEqual(upTo(last + 4, last + 1));
  }
  expect(numbers.connections).toBeGreaterThan(5);
});

it('notices a connection that is gone without a word, and goes on with another', async () => {
  const numbers = await numbersServer();
  const proxy = await startProxy({ target: numbers });
  onTestFinished(() => proxy.close());
  const silent = Promise.withResolvers<number>();
  const client = clientOf(`ws://${proxy.host}:${proxy.port}/graphql`, {
    keepAlive: 20,
    answerWithin: 300,
    onConnection: (change) => {
      if (change.state === 'LOST') silent.resolve(change.closeCode);
    },
  });
  const feed = client.subscribe<NumbersData>(fromStart);
  numbers.publish(1);
  expect(await take(feed, 1)).toEqual([1]);
  proxy.halfOpen();
  numbers.publish(3);
  expect(await silent.promise).toBe(4499);
  proxy.restore();
  expect(await take(feed, 2)).toEqual([2, 3]);
});

it('gives up on a server that takes the connection and says nothing, and tries again', async () => {
  const numbers = await numbersServer();
  const proxy = await startProxy({ target: numbers });
  onTestFinished(() => proxy.close());
  proxy.halfOpen();
  const silent = Promise.withResolvers<void>();
  const client = clientOf(`ws://${proxy.host}:${proxy.port}/graphql`, {
    answerWithin: 300,
    onConnection: (change) => {
      if (change.state === 'LOST') silent.resolve();
    },
  });
  numbers.publish(1);
  const first = take(client.subscribe<NumbersData>(fromStart), 1);
  await silent.promise;
  proxy.restore();
  expect(await first).toEqual([1]);
});

it('goes on when the server says that it fell behind, or that the feed is not available', async () => {
  const numbers = await numbersServer();
  numbers.publish(9);
  numbers.misbehave(
    { behind: 2, with: 'FELL_BEHIND' },
    { behind: 0, with: 'SUBGRAPH_UNAVAILABLE' },
    { behind: 0, with: 'SUBGRAPH_UNAVAILABLE' },
    { behind: 3, with: 'FELL_BEHIND' },
  );
  expect(await take(clientOf(numbers.url).subscribe<NumbersData>(fromStart), 9)).toEqual(upTo(9));
  expect(numbers.cursors).toEqual(['0', '2', '2', '2', '5']);
});

it('holds no more events than it may for a slow consumer, and leaves none out', async () => {
  const numbers = await numbersServer();
  numbers.publish(50);
  const feed = clientOf(numbers.url).subscribe<NumbersData>({ ...fromStart, buffer: 4 });
  const taken = await take(feed, 1);
  for (let ended = 1; ended < 10; ended += 1) {
    // The consumer takes nothing until the feed has been told to pause, and then asks for one more than there is.
    await numbers.ended(ended);
    taken.push(...(await take(feed, 5)));
  }
  expect(taken).toEqual(upTo(46));
  expect(numbers.cursors).toEqual([0, 5, 10, 15, 20, 25, 30, 35, 40, 45].map(String));
});

it('shares one connection among streams, each with its own place', async () => {
  const numbers = await numbersServer();
  numbers.publish(20);
  const client = clientOf(numbers.url);
  const feeds = [0, 5, 10].map((after) => client.subscribe<NumbersData>({ query: NUMBERS, variables: { after: `${after}` } }));
  expect(await Promise.all(feeds.map((feed) => take(feed, 3)))).toEqual([upTo(3), upTo(8, 6), upTo(13, 11)]);
  expect(numbers.connections).toBe(1);
  numbers.close(1012);
  expect(await Promise.all(feeds.map((feed) => take(feed, 7)))).toEqual([upTo(10, 4), upTo(15, 9), upTo(20, 14)]);
  numbers.close(1012);
  numbers.publish(21);
  expect(await Promise.all(feeds.map((feed) => take(feed, 1)))).toEqual([[11], [16], [21]]);
  expect(numbers.connections).toBeLessThanOrEqual(3);
});

it('takes the cursor from where it is told, and gives it in the variable that it is told', async () => {
  const numbers = await numbersServer();
  numbers.publish(4);
  numbers.misbehave({ behind: 2, with: 'CUT' });
  const feed = clientOf(numbers.url).subscribe<{ all: { at: string; number: number } }>({
    query: 'subscription ($from: EventCursor = "2)") { all: numbers(after: $from) { at: cursor number } }',
    variables: { from: '0' },
    cursorVariable: 'from',
    cursorOf: ({ all }) => all.at,
  });
  const seen: (number | undefined)[] = [];
  for await (const { data } of feed) if (seen.push(data?.all.number) === 4) break;
  expect(seen).toEqual([1, 2, 3, 4]);
});

it('tells callbacks one event after the other', async () => {
  const numbers = await numbersServer();
  numbers.publish(6);
  numbers.misbehave({ behind: 4, with: 'CUT' }, { behind: 2, with: 'COMPLETE' });
  const seen: string[] = [];
  const complete = Promise.withResolvers<void>();
  clientOf(numbers.url).listen<NumbersData>(fromStart, {
    async next({ cursor }) {
      seen.push(`${cursor} begins`);
      await Promise.resolve();
      seen.push(`${cursor} ends`);
    },
    error: complete.reject,
    complete: complete.resolve,
  });
  await complete.promise;
  expect(seen).toEqual(upTo(6).flatMap((number) => [`${number} begins`, `${number} ends`]));
});
