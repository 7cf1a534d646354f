import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { claimsOf } from './credential.ts';
import { forAWhile } from './for-a-while.ts';
import { createIdentityCache } from './identity-cache.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('works a text out once in 30 seconds, each of its own, and lets go of it then, however often it was asked for', () => {
  const of = vi.fn((text: string) => text.toUpperCase());
  const known = forAWhile(of);
  expect([known('a'), known('b'), known('a')]).toEqual(['A', 'B', 'A']);
  expect(of.mock.calls).toEqual([['a'], ['b']]);
  vi.advanceTimersByTime(29_999);
  known('a');
  expect(of).toHaveBeenCalledTimes(2);
  vi.advanceTimersByTime(1);
  expect(vi.getTimerCount()).toBe(0);
  expect(known('a')).toBe('A');
  expect(of).toHaveBeenCalledTimes(3);
});

it('remembers a thousand texts and no more, and answers the others all the same', () => {
  const of = vi.fn((text: string) => `${text}!`);
  const known = forAWhile(of);
  const texts = Array.from({ length: 1_001 }, (_, index) => String(index));
  for (const text of texts) known(text);
  expect(vi.getTimerCount()).toBe(1_000);
  of.mockClear();
  expect(texts.map(known)).toEqual(texts.map((text) => `${text}!`));
  expect(of.mock.calls).toEqual([['1000']]);
});

it('remembers nothing of a text that could not be worked out', () => {
  const of = vi.fn((): string => {
    throw new Error('no');
  });
  const known = forAWhile(of);
  expect(() => known('a')).toThrow('no');
  expect(() => known('a')).toThrow('no');
  expect(of).toHaveBeenCalledTimes(2);
  expect(vi.getTimerCount()).toBe(0);
});

it('what is remembered of a credential says nothing of whether it is good: one that was revoked is asked for again at once', async () => {
  const token = `e30.${Buffer.from('{"iss":"accounts","exp":1790000000}').toString('base64url')}.s`;
  const cache = createIdentityCache({ clock: { now: () => new Date() }, size: 10, onLookup: () => undefined });
  const exchange = vi.fn(() =>
    Promise.resolve({ kind: 'STAFF', storeId: null, subjectId: null, sessionId: 'ses_1', permissions: [] } as never),
  );
  const get = () => cache.get({ kind: 'TOKEN', token }, exchange);
  expect(claimsOf(token)).toEqual({ issuer: 'accounts', expiresAt: 1_790_000_000_000 });
  await get();
  await get();
  expect(exchange).toHaveBeenCalledTimes(1);
  cache.forget({ sessionId: 'ses_1' });
  await get();
  expect(exchange).toHaveBeenCalledTimes(2);
  // Nor does it live longer where the notice was lost.
  vi.advanceTimersByTime(29_999);
  await get();
  expect(exchange).toHaveBeenCalledTimes(2);
  vi.advanceTimersByTime(1);
  await get();
  expect(exchange).toHaveBeenCalledTimes(3);
});
