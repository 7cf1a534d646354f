import { expect, it } from 'vitest';
import type { Entity } from '../own.ts';
import { compilePath, type PlanPath } from './path.ts';

function found(path: PlanPath, root: Entity, shared: readonly boolean[] = []): Entity[] {
  const entities: Entity[] = [];
  compilePath(path, () => [0])([root], shared, (entity) => entities.push(entity));
  return entities;
}

it('follows keys and lists, past null and past what is of another shape', () => {
  const root = { a: [{ b: { n: 1 } }, null, { b: null }, { b: [] }, { b: { n: 2 } }, 'x'] };
  expect(found(['a', '@', 'b'], root)).toEqual([{ n: 1 }, { n: 2 }]);
  expect(found(['a', 'b'], root)).toEqual([]);
  expect(found(['a', '@', '@'], { a: [[{ n: 1 }], null, [null, { n: 2 }]] })).toEqual([{ n: 1 }, { n: 2 }]);
  expect(found(['constructor'], {})).toEqual([]);
});

it('follows once what stands at several places, where that has happened', () => {
  const list = [{ n: 1 }];
  const root = { a: [{ l: list }, { l: list }] };
  expect(found(['a', '@', 'l', '@'], root, [true])).toEqual([{ n: 1 }]);
  expect(found(['a', '@', 'l', '@'], root)).toEqual([{ n: 1 }, { n: 1 }]);
});

it('says where an object stands', () => {
  const one = { n: 1 };
  const list = [one, one];
  const at: unknown[] = [];
  compilePath(['a', '@'], () => [])([{ a: list }], [], (_, holder, key) => at.push([holder === list, key]));
  expect(at).toEqual([
    [true, 0],
    [true, 1],
  ]);
});
