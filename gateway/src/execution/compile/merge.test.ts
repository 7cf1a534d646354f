import { expect, it } from 'vitest';
import { copy, merge } from './merge.ts';

it.each([
  ['what is new', { a: 1 }, { b: 2 }, { a: 1, b: 2 }],
  ['objects into objects', { a: { x: 1, y: { z: 1 } } }, { a: { y: { w: 2 } } }, { a: { x: 1, y: { z: 1, w: 2 } } }],
  [
    'lists of one length by element',
    { a: [{ x: 1 }, null, { x: 3 }] },
    { a: [{ y: 1 }, { y: 2 }, null] },
    { a: [{ x: 1, y: 1 }, { y: 2 }, null] },
  ],
  ['a list of another length in place', { a: [1, 2] }, { a: [3] }, { a: [3] }],
  ['null in place', { a: { x: 1 } }, { a: null }, { a: null }],
  ['an object in place of a leaf', { a: 1 }, { a: { x: 1 } }, { a: { x: 1 } }],
  ['nothing that is undefined', { a: 1 }, { a: undefined }, { a: 1 }],
])('puts %s', (_what, target, source, expected) => {
  merge(target, source);
  expect(target).toEqual(expected);
});

it('lets a key be called __proto__', () => {
  const target: Record<string, unknown> = {};
  merge(target, JSON.parse('{"__proto__":{"polluted":1}}') as Record<string, unknown>);
  expect(Object.keys(target)).toEqual(['__proto__']);
  expect(Object.getPrototypeOf(target)).toBe(Object.prototype);
});

it('copies so that nothing is shared', () => {
  const given = { a: [{ x: 1 }], b: null };
  const made = copy(given);
  expect(made).toEqual(given);
  expect(made.a[0]).not.toBe(given.a[0]);
});
