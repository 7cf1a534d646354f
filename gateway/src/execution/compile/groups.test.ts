import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import fc from 'fast-check';
import { buildSchema } from 'graphql';
import { expect, it } from 'vitest';
import type { Entity } from '../own.ts';
import { groupEntities, membersOf } from './groups.ts';
import { compileRequires } from './requires.ts';

const schema = buildSchema(
  'type Box { id: ID code: ID size: Size tags: [Tag] } type Size { w: Int h: Int } type Tag { n: Int } type Query { box: Box }',
);
const field = (name: string, selections?: QueryPlanSelectionNode[]): QueryPlanSelectionNode => ({
  kind: 'Field',
  name,
  ...(selections && { selections }),
});
const onBox = (...selections: QueryPlanSelectionNode[]): QueryPlanSelectionNode[] => [
  { kind: 'InlineFragment', typeCondition: 'Box', selections: [field('__typename'), ...selections] },
];

function grouped(requires: QueryPlanSelectionNode[], list: Entity[], unite = false) {
  const groups = groupEntities(compileRequires(requires, undefined, schema), unite);
  list.forEach((entity, index) => groups.add(entity, list, index));
  return groups;
}

const box = (rest: Entity): Entity => ({ __typename: 'Box', ...rest });

it('asks for equal entities once, and keeps apart what JSON keeps apart', () => {
  const { texts, targets, count } = grouped(onBox(field('id')), [
    box({ id: '1' }),
    box({ id: 1 }),
    box({ id: '1', other: 2 }),
    box({ id: null }),
  ]);
  expect(texts).toEqual(['{"__typename":"Box","id":"1"}', '{"__typename":"Box","id":1}', '{"__typename":"Box","id":null}']);
  expect(targets.map((group) => membersOf(group).length)).toEqual([2, 1, 1]);
  expect(count()).toBe(4);
});

it('leaves out what lacks a field that is required, and what is of another type or of none', () => {
  const { texts } = grouped(onBox(field('id')), [
    box({}),
    { __typename: 'Size', id: '1' },
    { id: '1' },
    { __typename: 'Nonsense', id: '1' },
  ]);
  expect(texts).toEqual([]);
});

it('represents objects and lists of them by the fields that are required', () => {
  const nested = onBox(field('size', [field('w')]), field('tags', [field('n')]));
  const { texts } = grouped(nested, [
    box({ size: { w: 1, h: 2 }, tags: [{ n: 1, x: 2 }, null] }),
    box({ size: null, tags: null }),
    box({ size: { h: 1 }, tags: [] }),
  ]);
  expect(texts).toEqual([
    '{"__typename":"Box","size":{"w":1},"tags":[{"n":1},null]}',
    '{"__typename":"Box","size":null,"tags":null}',
    '{"__typename":"Box","size":null,"tags":[]}',
  ]);
});

it('lets equal objects that are nothing but who they are be one, and no others', () => {
  const list = [box({ id: '1' }), box({ id: '1' }), box({ id: '1', name: 'x' }), box({ id: '1' })];
  const [first, , third] = list;
  const { targets } = grouped(onBox(field('id')), list, true);
  expect(targets).toEqual([[first, third]]);
  expect(list.map((entity) => entity === first)).toEqual([true, true, false, true]);
});

it('a duplicate is replaced in each of its holders', () => {
  const [one, two] = [box({ id: '1' }), box({ id: '1' })];
  const holders: Entity[] = [{ a: one }, { a: two }, { a: two }];
  const groups = groupEntities(compileRequires(onBox(field('id')), undefined, schema), true);
  holders.forEach((holder) => groups.add(holder['a'] as Entity, holder, 'a'));
  expect(holders.map(({ a }) => a === one)).toEqual([true, true, true]);
  expect(groups.targets).toEqual([one]);
});

it('makes no two into one where it is not known what they stand in', () => {
  const groups = groupEntities(compileRequires(onBox(field('id')), undefined, schema), true);
  for (const entity of [box({ id: '1' }), box({ id: '1' })]) groups.add(entity, undefined, '');
  expect(groups.targets.map((group) => membersOf(group).length)).toEqual([2]);
});

it('has an object that stands in several holders once', () => {
  const [one, two] = [box({ id: '1' }), box({ id: '1', other: 1 })];
  const { targets, count } = grouped(onBox(field('id')), [one, two, two, one]);
  expect(targets).toEqual([[one, two]]);
  expect(count()).toBe(4);
});

/** Values that something less than JSON would take for one another: as keys of objects, joined by a separator, or compared loosely. */
const lookalikes: unknown[] = [
  ...[0, -0, 1, 1.5, 1e21, -1, '0', '-0', '1', '1.5', '1e+21', '', ' ', 'a', 'a,b', 'a","code":"b', 'b'],
  ...[true, false, 'true', null, 'null', undefined, 'undefined', '__proto__', 'constructor', [], ['a'], ['a', 'b'], {}, { id: 'a' }],
];
// Few to a list, so that they meet.
const lists = fc.shuffledSubarray(lookalikes, { minLength: 1, maxLength: 4 }).chain((few) => {
  const value = fc.constantFrom(...few);
  return fc.array(fc.record({ id: value, code: value }), { maxLength: 12 });
});
const required = {
  one: onBox(field('id')),
  two: onBox(field('id'), field('code')),
  'two in another sequence': onBox(field('code'), field('id')),
};

it.each(Object.entries(required))('puts together exactly what JSON says is equal, where %s of its values are required', (_, requires) => {
  fc.assert(
    fc.property(lists, fc.boolean(), (values, unite) => {
      const list = values.map((each) => box({ ...each, other: 1 }));
      const { texts, targets } = grouped(requires, list, unite);
      const keys = requires === required.one ? ['id'] : ['id', 'code'];
      const expected = new Map<string, Entity[]>();
      for (const entity of list) {
        if (keys.some((key) => entity[key] === undefined)) continue;
        const key = JSON.stringify(keys.map((each) => entity[each]));
        expected.set(key, [...(expected.get(key) ?? []), entity]);
      }
      const groups = texts.map((text, index) => {
        const told = JSON.parse(text) as Entity;
        return [JSON.stringify(keys.map((each) => told[each])), membersOf(targets[index] ?? [])] as const;
      });
      expect(new Map(groups)).toEqual(expected);
      for (const [key, members] of groups) for (const [at, member] of members.entries()) expect(member).toBe(expected.get(key)?.[at]);
      expect(texts).toHaveLength(expected.size);
    }),
  );
});
