import { expect, it } from 'vitest';
import { grouped, inOrder, loader, type LoaderHost } from './loader.ts';

const host = (): LoaderHost => ({ loaders: new Set() });
const rows = [
  { id: 'b', of: 'x' },
  { id: 'a', of: 'y' },
  { id: 'c', of: 'x' },
];

it('asks once for the keys of one moment, in batches of a thousand', async () => {
  const batches: number[] = [];
  const squares = loader(host(), (keys: readonly number[]) => {
    batches.push(keys.length);
    return Promise.resolve(keys.map((key) => key * key));
  });
  expect(await squares.loadMany(Array.from({ length: 1001 }, (_, index) => index % 1001))).toHaveLength(1001);
  expect(await Promise.all([squares.load(3), squares.load(3)])).toEqual([9, 9]);
  expect(batches).toEqual([1000, 1]);
});

it('asks again after it was cleared through its request', async () => {
  const ctx = host();
  let asked = 0;
  const once = loader(ctx, (keys: readonly string[]) => Promise.resolve(keys.map(() => (asked += 1))));
  expect(await once.load('a')).toBe(1);
  expect(await once.load('a')).toBe(1);
  for (const each of ctx.loaders) each.clearAll();
  expect(await once.load('a')).toBe(2);
});

it('tells keys that are objects apart by what they hold', async () => {
  const first = loader(
    host(),
    (keys: readonly { id: string; n: number }[]) => Promise.resolve(keys.map((key) => `${key.id}${String(key.n)}`)),
    {
      cacheKey: (key) => JSON.stringify(key),
    },
  );
  expect(await Promise.all([first.load({ id: 'a', n: 1 }), first.load({ id: 'a', n: 1 }), first.load({ id: 'a', n: 2 })])).toEqual([
    'a1',
    'a1',
    'a2',
  ]);
});

it('puts rows in the order of the keys', () => {
  expect(inOrder(['a', 'x', 'b', 'a'], rows, (row) => row.id).map((row) => row?.id ?? null)).toEqual(['a', null, 'b', 'a']);
  expect(grouped(['x', 'z', 'y'], rows, (row) => row.of).map((group) => group.map((row) => row.id))).toEqual([['b', 'c'], [], ['a']]);
});
