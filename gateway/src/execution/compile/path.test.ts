import { expect, it } from 'vitest';
import type { Entity } from '../own.ts';
import { compilePath, type PlanPath } from './path.ts';

function found(path: PlanPath, root: Entity, shared = false): Entity[] {
  const entities: Entity[] = [];
  compilePath(path, () => shared)([root], (entity, _holder, _key, again) => {
    if (!again) entities.push(entity);
  });
  return entities;
}

it('follows keys and lists, past null and past what is of another shape', () => {
  const root = { a: [{ b: { n: 1 } }, null, { b: null }, { b: [] }, { b: { n: 2 } }, 'x'] };
  expect(found(['a', '@', 'b'], root)).toEqual([{ n: 1 }, { n: 2 }]);
  expect(found(['a', 'b'], root)).toEqual([]);
  expect(found(['a', '@', '@'], { a: [[{ n: 1 }], null, [null, { n: 2 }]] })).toEqual([{ n: 1 }, { n: 2 }]);
  expect(found(['constructor'], {})).toEqual([]);
});

it('says where an object stands, and whether it was met before', () => {
  const one = { n: 1 };
  const list = [one, one];
  expect(found(['a', '@', 'l', '@'], { a: [{ l: list }, { l: list }] }, true)).toEqual([one]);
  const at: unknown[] = [];
  compilePath(['a', '@'], () => false)([{ a: list }], (_, holder, key) => at.push([holder === list, key]));
  expect(at).toEqual([
    [true, 0],
    [true, 1],
  ]);
});
