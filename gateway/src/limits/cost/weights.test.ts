import { composeServices } from '@apollo/composition';
import { buildSchema, parse } from 'graphql';
import { expect, it } from 'vitest';
import { weightsOf } from './weights.ts';

/** What the field `Query.a` of a composed supergraph weighs, where its subgraph imports the directives so. */
function weighed(imports: string, cost: string, listSize: string) {
  const sdl = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ${imports})
    type Query { a(first: Int, filter: String @${cost}(weight: 2)): [Int] @${cost}(weight: 3) @${listSize}(slicingArguments: ["first"], assumedSize: 4) }`;
  const { supergraphSdl, errors } = composeServices([{ name: 'a', url: 'http://a', typeDefs: parse(sdl) }]);
  if (supergraphSdl === undefined) throw new Error(errors?.join('\n'));
  const schema = buildSchema(supergraphSdl, { assumeValid: true, assumeValidSDL: true });
  const field = schema.getQueryType()?.getFields()['a'];
  return field && weightsOf(schema)('Query', field);
}

it.each([
  ['imported', '["@cost", "@listSize"]', 'cost', 'listSize'],
  ['imported under other names', '[{ name: "@cost", as: "@weight" }, { name: "@listSize", as: "@sized" }]', 'weight', 'sized'],
  ['not imported', '[]', 'federation__cost', 'federation__listSize'],
  ['imported in part', '["@listSize"]', 'federation__cost', 'listSize'],
])('reads the weights of a composed supergraph whose subgraphs have the directives %s', (_, imports, cost, listSize) => {
  expect(weighed(imports, cost, listSize)).toEqual({
    once: 0,
    each: 3,
    args: new Map([['filter', 2]]),
    size: { args: ['first'], assumed: 4, fields: [] },
  });
});

it('reads them under the specification’s own names where the supergraph links it and imports nothing', () => {
  const schema = buildSchema(
    `schema @link(url: "https://specs.apollo.dev/cost/v0.1", as: "price") { query: Query }
     directive @link(url: String!, as: String) repeatable on SCHEMA
     directive @price(weight: Int!) on FIELD_DEFINITION
     directive @price__listSize(assumedSize: Int) on FIELD_DEFINITION
     type Query { a: [Int] @price(weight: 3) @price__listSize(assumedSize: 4) }`,
  );
  const field = schema.getQueryType()?.getFields()['a'];
  expect(field && weightsOf(schema)('Query', field)).toMatchObject({ each: 3, size: { assumed: 4 } });
});
