import { expect, it, onTestFinished, vi } from 'vitest';
import { StreamError, type ConnectionChange } from '../src/index.ts';
import { NUMBERS, type NumbersData } from './numbers.ts';
import { clientOf, numbersServer, take } from './stream.ts';

const fromStart = { query: NUMBERS, variables: { after: '0' } };

it.each([1002, 1003, 1007, 1008, 1009, 1010, 4004, 4005, 4400, 4401, 4406, 4409, 4429, 4500])(
  'throws, behind the events that came, and does not connect again when the connection is closed with %i',
  async (closeCode) => {
    const numbers = await numbersServer();
    numbers.publish(9);
    numbers.misbehave({ behind: 2, with: closeCode });
    const feed = clientOf(numbers.url).subscribe<NumbersData>(fromStart);
    expect(await take(feed, 2)).toEqual([1, 2]);
    await expect(feed.next()).rejects.toMatchObject({ name: 'StreamError', code: 'CLOSED', closeCode });
    expect(await feed.next()).toEqual({ done: true, value: undefined });
    expect(numbers.connections).toBe(1);
    expect(feed.cursor).toBe('2');
  },
);

it('throws what the server has against the operation, and does not ask again', async () => {
  const numbers = await numbersServer();
  const feed = clientOf(numbers.url).subscribe({ query: 'subscription ($after: EventCursor) { letters(after: $after) { cursor } }' });
  const error = await feed.next().then(String, (thrown: unknown) => thrown as StreamError);
  expect(error).toMatchObject({
    code: 'OPERATION_REFUSED',
    message: 'Cannot query field "letters" on type "Subscription".',
    errors: [{ message: 'Cannot query field "letters" on type "Subscription".' }],
  });
  expect(numbers.connections).toBe(1);
});

it('throws when the event does not say where it stands', async () => {
  const numbers = await numbersServer();
  const query = 'subscription ($after: EventCursor) { numbers(after: $after) { number } }';
  const feed = clientOf(numbers.url).subscribe({ query, variables: { after: '0' } });
  numbers.publish(1);
  await expect(feed.next()).rejects.toMatchObject({ code: 'NOT_RESUMABLE' });
});

it('throws RESYNC behind the events that came when the cursor is too old', async () => {
  const numbers = await numbersServer();
  numbers.publish(9);
  numbers.misbehave({ behind: 2, with: 'CUT' }, { behind: 0, with: 'RESYNC' });
  const feed = clientOf(numbers.url).subscribe<NumbersData>(fromStart);
  expect(await take(feed, 2)).toEqual([1, 2]);
  await expect(feed.next()).rejects.toMatchObject({
    code: 'RESYNC',
    message: 'The feed ends with RESYNC.',
    errors: [{ extensions: { code: 'RESYNC' } }],
  });
  expect(numbers.cursors).toEqual(['0', '2']);
});

it('asks again where it could not begin yet: nothing was missed', async () => {
  const numbers = await numbersServer();
  numbers.misbehave({ behind: 0, with: 'THROTTLED' });
  const feed = clientOf(numbers.url).subscribe<NumbersData>({ query: NUMBERS });
  const next = take(feed, 1);
  await numbers.subscribed(2);
  numbers.publish(1);
  expect(await next).toEqual([1]);
  expect(numbers.cursors).toEqual([null, null]);
});

it.each(['THROTTLED', 'RATE_LIMITED'] as const)(
  'waits longer each time before it asks again for what was %s, and no longer than that',
  async (refusal) => {
    const numbers = await numbersServer();
    numbers.misbehave({ behind: 0, with: refusal }, { behind: 0, with: refusal }, { behind: 0, with: refusal });
    let asked = Promise.withResolvers<void>();
    // Called when it is known how long the wait is to be, and nothing else stands before the wait.
    const random = () => (asked.resolve(), 1);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const client = clientOf(numbers.url, { keepAlive: 0, backoff: { first: 10_000, most: 30_000, random } });
    const next = take(client.subscribe<NumbersData>({ query: NUMBERS, variables: { after: '0' } }), 1);
    for (const [before, wait] of [10_000, 20_000, 30_000].entries()) {
      await asked.promise;
      asked = Promise.withResolvers();
      vi.advanceTimersByTime(wait - 1);
      // On the same connection: a subscription would have come before it.
      expect(await client.query({ query: '{ double(number: 1) }' })).toEqual({ data: { double: 2 } });
      expect(numbers.cursors).toHaveLength(before + 1);
      vi.advanceTimersByTime(1);
      await numbers.subscribed(before + 2);
    }
    numbers.publish(1);
    expect(await next).toEqual([1]);
  },
);

it('goes on behind the cursor that came with what was read again', async () => {
  const numbers = await numbersServer();
  numbers.publish(9);
  numbers.misbehave({ behind: 2, with: 'CUT' }, { behind: 0, with: 'RESYNC' });
  const reasons: string[] = [];
  const feed = clientOf(numbers.url).subscribe<NumbersData>({
    ...fromStart,
    onResync(why) {
      reasons.push(`${why.code} behind ${feed.cursor}`);
      return Promise.resolve('6');
    },
  });
  expect(await take(feed, 5)).toEqual([1, 2, 7, 8, 9]);
  expect(reasons).toEqual(['RESYNC behind 2']);
  expect(numbers.cursors).toEqual(['0', '2', '6']);
});

it('goes on with what happens from then on when reading again gave no cursor', async () => {
  const numbers = await numbersServer();
  numbers.publish(9);
  numbers.misbehave({ behind: 0, with: 'RESYNC' });
  const read = Promise.withResolvers<void>();
  const feed = clientOf(numbers.url).subscribe<NumbersData>({ ...fromStart, onResync: () => read.resolve() });
  const next = take(feed, 1);
  await read.promise;
  await numbers.subscribed(2);
  numbers.publish(10);
  expect(await next).toEqual([10]);
  expect(numbers.cursors).toEqual(['0', null]);
});

it('ends with what reading again threw', async () => {
  const numbers = await numbersServer();
  numbers.misbehave({ behind: 0, with: 'RESYNC' });
  const feed = clientOf(numbers.url).subscribe({ ...fromStart, onResync: () => Promise.reject(new Error('No network')) });
  await expect(feed.next()).rejects.toThrow('No network');
});

it('says that it may have missed something when the stream broke before it knew where it stands', async () => {
  const numbers = await numbersServer();
  numbers.misbehave({ behind: 0, with: 'CUT' });
  const feed = clientOf(numbers.url).subscribe({ query: NUMBERS });
  await expect(feed.next()).rejects.toMatchObject({ code: 'RESYNC', cause: { code: 'CONNECTION_LOST', closeCode: 1006 } });
});

it('has missed nothing when it was not let in', async () => {
  const numbers = await numbersServer();
  numbers.receive('CUT', 1013);
  const next = take(clientOf(numbers.url).subscribe<NumbersData>({ query: NUMBERS }), 1);
  await numbers.subscribed(1);
  numbers.publish(1);
  expect(await next).toEqual([1]);
});

it('gives up after as many losses in a row as it is told to mend', async () => {
  const numbers = await numbersServer();
  numbers.receive(1013, 1013, 1013, 1013, 1013);
  const changes: ConnectionChange[] = [];
  const client = clientOf(numbers.url, { retryAttempts: 2, onConnection: (change) => changes.push(change) });
  await expect(client.subscribe(fromStart).next()).rejects.toMatchObject({ code: 'CONNECTION_LOST', closeCode: 1013 });
  expect(numbers.connections).toBe(3);
  expect(changes.map(({ state }) => state)).toEqual(['LOST', 'LOST', 'LOST']);
});

it('counts a port that nobody listens on as a loss', async () => {
  const client = clientOf('ws://127.0.0.1:1/graphql', { retryAttempts: 3 });
  await expect(client.subscribe(fromStart).next()).rejects.toMatchObject({ code: 'CONNECTION_LOST', closeCode: 1006 });
});

it.each([
  ['no variable', 'subscription { numbers { cursor } }'],
  ['only a comment', 'subscription S($from: EventCursor) { # $after: EventCursor\n numbers(after: $from) { cursor } }'],
  ['only another operation', 'query Q($after: EventCursor) { x } subscription S { numbers { cursor } }'],
])('refuses a subscription that declares %s', async (_, query) => {
  const numbers = await numbersServer();
  const client = clientOf(numbers.url);
  expect(() => client.subscribe({ query })).toThrow(StreamError);
  expect(() => client.subscribe({ query })).toThrow('The subscription must declare the variable that takes the last cursor');
  expect(numbers.connections).toBe(0);
});

it.each([
  ['is anonymous', 'subscription($after:EventCursor){numbers(after:$after){cursor}}', undefined],
  [
    'stands behind a fragment',
    'fragment F on Store { subscription { plan } } subscription S($x: I = { a: 1 }, $after : EventCursor @d(r: ")")) @e { n }',
    undefined,
  ],
  ['is one of several', 'subscription A { a } subscription B($after: EventCursor) { b }', 'B'],
])('takes a subscription that %s', async (_, query, operationName) => {
  const numbers = await numbersServer();
  expect(() => clientOf(numbers.url).subscribe({ query, operationName })).not.toThrow();
});

it('refuses variables that are no JSON, and keeps those that it took', async () => {
  const numbers = await numbersServer();
  numbers.publish(5);
  const client = clientOf(numbers.url);
  expect(() => client.subscribe({ query: NUMBERS, variables: { after: 1n } })).toThrow(TypeError);
  await expect(client.query({ query: '{ double }', variables: { number: 1n } })).rejects.toThrow(TypeError);
  const variables = { after: '3' };
  const feed = client.subscribe<NumbersData>({ query: NUMBERS, variables });
  variables.after = '0';
  expect(await take(feed, 2)).toEqual([4, 5]);
});

it('refuses a parsed document, and a URL that is none', async () => {
  const numbers = await numbersServer();
  expect(() => clientOf(numbers.url).subscribe({ query: { kind: 'Document', definitions: [] } as object })).toThrow(
    'The operation is a parsed document.',
  );
  expect(() => clientOf('mailto:somebody')).toThrow(TypeError);
  expect(() => clientOf('/graphql')).toThrow(TypeError);
});
