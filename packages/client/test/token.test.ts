import { expect, it } from 'vitest';
import { StreamError, type ConnectionChange } from '../src/index.ts';
import { NUMBERS, type NumbersData } from './numbers.ts';
import { clientOf, numbersServer, take } from './stream.ts';

const fromStart = { query: NUMBERS, variables: { after: '0' } };

/** Gives `token 1`, `token 2` and so on. */
const counting = () => {
  let count = 0;
  return () => Promise.resolve(`token ${(count += 1)}`);
};

it('asks for the token again for each connection', async () => {
  const numbers = await numbersServer();
  numbers.publish(3);
  numbers.misbehave({ behind: 1, with: 1012 }, { behind: 1, with: 'CUT' });
  const feed = clientOf(numbers.url, { token: counting(), connectionParams: { store: 'demo' } }).subscribe<NumbersData>(fromStart);
  expect(await take(feed, 3)).toEqual([1, 2, 3]);
  expect(numbers.tokens).toEqual([1, 2, 3].map((count) => ({ with: 'INIT', token: `token ${count}` })));
});

it('asks once more when the server refuses the token, at the start and in the middle', async () => {
  const numbers = await numbersServer();
  numbers.publish(4);
  const good = new Set(['token 2', 'token 3', 'token 4']);
  numbers.accept((token) => token !== undefined && good.has(token));
  numbers.misbehave({ behind: 1, with: 4403 }, { behind: 1, with: 4403 });
  const feed = clientOf(numbers.url, { token: counting() }).subscribe<NumbersData>(fromStart);
  expect(await take(feed, 4)).toEqual([1, 2, 3, 4]);
  expect(numbers.tokens.map(({ token }) => token)).toEqual(['token 1', 'token 2', 'token 3', 'token 4']);
});

it('throws when the server refuses the token that followed as well, and starts afresh for whoever subscribes then', async () => {
  const numbers = await numbersServer();
  numbers.publish(1);
  let isGood = false;
  numbers.accept(() => isGood);
  const client = clientOf(numbers.url, { token: counting() });
  await expect(client.subscribe(fromStart).next()).rejects.toMatchObject({ code: 'TOKEN_REFUSED', closeCode: 4403 });
  expect(numbers.connections).toBe(2);
  isGood = true;
  expect(await take(client.subscribe<NumbersData>(fromStart), 1)).toEqual([1]);
});

it('throws when the token that was let in before is refused twice', async () => {
  const numbers = await numbersServer();
  numbers.publish(3);
  numbers.misbehave({ behind: 1, with: 4403 }, { behind: 1, with: 4403 });
  const feed = clientOf(numbers.url, { token: () => 'the same' }).subscribe<NumbersData>(fromStart);
  expect(await take(feed, 2)).toEqual([1, 2]);
  await expect(feed.next()).rejects.toMatchObject({ code: 'TOKEN_REFUSED' });
});

it('tries again when there is no token to be had, and ends when there will be none', async () => {
  const numbers = await numbersServer();
  numbers.publish(2);
  const changes: ConnectionChange[] = [];
  let asked = 0;
  const token = () => {
    asked += 1;
    if (asked < 3) throw new TypeError('fetch failed');
    if (asked > 3) throw new StreamError('LOGGED_OUT', 'Nobody is logged in.');
    return 'secret';
  };
  numbers.misbehave({ behind: 2, with: 1012 });
  const feed = clientOf(numbers.url, { token, onConnection: (change) => changes.push(change) }).subscribe<NumbersData>(fromStart);
  expect(await take(feed, 2)).toEqual([1, 2]);
  expect(numbers.tokens).toEqual([{ with: 'INIT', token: 'secret' }]);
  await expect(feed.next()).rejects.toMatchObject({ code: 'LOGGED_OUT' });
  expect(changes.map(({ state }) => state)).toEqual(['LOST', 'LOST', 'CONNECTED', 'LOST', 'LOST']);
});

it('sends a new token on the open connection before the old one expires', async () => {
  const numbers = await numbersServer();
  const isShort = (token: string) => token === 'token 1';
  const client = clientOf(numbers.url, {
    token: counting(),
    expiresAt: (token) => Date.now() + (isShort(token) ? 2_000 : 3_600_000),
    refreshBefore: 1_950,
  });
  const next = take(client.subscribe<NumbersData>({ query: NUMBERS }), 1);
  await numbers.refreshed();
  numbers.publish(1);
  expect(await next).toEqual([1]);
  expect(numbers.tokens).toEqual([
    { with: 'INIT', token: 'token 1' },
    { with: 'PING', token: 'token 2' },
  ]);
  expect(numbers.connections).toBe(1);
});
