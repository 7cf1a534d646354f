import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import { buildSchema } from 'graphql';
import { expect, it } from 'vitest';
import type { Entity } from '../own.ts';
import { groupEntities } from './groups.ts';
import { compileRequires } from './requires.ts';

const schema = buildSchema(
  'type Box { id: ID size: Size tags: [Tag] } type Size { w: Int h: Int } type Tag { n: Int } type Query { box: Box }',
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
  list.forEach((entity, index) => groups.add(entity, list, index, false));
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
  expect(targets.map(({ length }) => length)).toEqual([2, 1, 1]);
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
  holders.forEach((holder, index) => groups.add(holder['a'] as Entity, holder, 'a', index === 2));
  expect(holders.map(({ a }) => a === one)).toEqual([true, true, true]);
  expect(groups.targets).toEqual([[one]]);
});

it('makes no two into one where it is not known what they stand in', () => {
  const groups = groupEntities(compileRequires(onBox(field('id')), undefined, schema), true);
  for (const entity of [box({ id: '1' }), box({ id: '1' })]) groups.add(entity, undefined, '', false);
  expect(groups.targets.map(({ length }) => length)).toEqual([2]);
});
