import { buildSchema } from 'graphql';
import { expect, it } from 'vitest';
import { compileRewrites } from './rewrites.ts';

const schema = buildSchema(
  'interface Media { id: ID } type Book implements Media { id: ID } type Film implements Media { id: ID } type Query { media: Media }',
);

const rewritten = (rewrite: Parameters<typeof compileRewrites>[0], value: unknown) => {
  compileRewrites(rewrite, schema)?.(value);
  return value;
};

it('renames a key, whatever it holds but null', () => {
  const rename = [{ kind: 'KeyRenamer' as const, path: ['items', 'a'], renameKeyTo: 'b' }];
  for (const held of ['text', '', 0, false, [1], { x: 1 }])
    expect(rewritten(rename, { items: [{ a: held }] })).toEqual({ items: [{ b: held }] });
  expect(rewritten(rename, { items: [{ a: null }, null, {}] })).toEqual({ items: [{ a: null }, null, {}] });
});

it('sets a value on objects of a type, of its interface, or of none that they say', () => {
  const set = [{ kind: 'ValueSetter' as const, path: ['... on Media', '__typename'], setValueTo: 'Media' }];
  expect(rewritten(set, [{ __typename: 'Book' }, { __typename: 'Query' }, { id: '1' }])).toEqual([
    { __typename: 'Media' },
    { __typename: 'Query' },
    { id: '1', __typename: 'Media' },
  ]);
});

it('is nothing where there is nothing to rewrite', () => {
  expect(compileRewrites(undefined, schema)).toBeUndefined();
  expect(compileRewrites([], schema)).toBeUndefined();
});
