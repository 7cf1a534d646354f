import { buildSchema, getOperationAST, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { estimate } from './estimate.ts';
import { plainly, weightsOf } from './weights.ts';

const schema = buildSchema(`
  directive @cost(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR
  directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION
  type Query {
    shop: Shop!
    name: String
    orders(first: Int, last: Int, after: String): OrderConnection
    newest(first: Int): [Order!]
    tags: [String!]
    countries: [Country!] @listSize(assumedSize: 200)
    batch(ids: Int, filter: String @cost(weight: 7)): Batch @listSize(slicingArguments: ["ids"], sizedFields: ["rows"], assumedSize: 3)
    report: Report
    forecast: Shop @cost(weight: 50)
    rate: Rate
    thing: Thing
  }
  type Mutation { rename(name: String): Shop check: Boolean }
  type Shop { id: ID! name: String owner: Person! staff: [Person!]! }
  type Person { id: ID! shop: Shop! }
  type OrderConnection { nodes: [Order!]! edges: [OrderEdge!]! pageInfo: PageInfo! totalCount: Int }
  type OrderEdge { node: Order! cursor: String! }
  type PageInfo { hasNextPage: Boolean! }
  type Order { id: ID! lines: [Line!]! total: Money! orders(first: Int): OrderConnection }
  type Line { id: ID! total: Money! }
  type Money { amount: Int currency: String }
  type Country { code: ID! }
  type Batch { rows: [Line!]! notes: [Line!]! }
  type Report @cost(weight: 9) { id: ID! }
  scalar Rate @cost(weight: 4)
  interface Thing { id: ID! shop: Shop other: Thing }
  type Cheap implements Thing { id: ID! shop: Shop other: Thing }
  type Dear implements Thing { id: ID! shop: Shop other: Thing people: [Person!]! }
  type Other implements Thing { id: ID! shop: Shop other: Thing money: Money }
`);
const weigh = weightsOf(schema);

function cost(source: string, variables: Record<string, unknown> = {}, by = weigh): number {
  const document = parse(source);
  expect(validate(schema, document)).toEqual([]);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('The document has no operation.');
  return estimate(schema, by, document, operation)(variables);
}

describe('what an operation is expected to cost', () => {
  it.each([
    ['a scalar and an introspection nothing', '{ name __typename __schema { types { name } } }', 0],
    ['an object 1, and what is in it', '{ shop { name owner { id } } }', 2],
    ['a list 5 of what it holds', '{ shop { staff { id shop { id } } } }', 1 + 5 * 2],
    ['a list of scalars nothing', '{ tags }', 0],
    ['a connection 1 and as many nodes as asked for', '{ orders(first: 10) { nodes { id total { amount } } totalCount } }', 1 + 10 * 2],
    ['edges and their nodes', '{ orders(last: 10) { edges { cursor node { id } } pageInfo { hasNextPage } } }', 1 + 10 * 2 + 1],
    ['25 where nothing is asked for', '{ orders { nodes { id } } }', 1 + 25],
    ['the larger of two sizes', '{ orders(first: 3, last: 8) { nodes { id } } }', 1 + 8],
    ['a negative size nothing', '{ orders(first: -3) { nodes { id } } }', 1],
    ['a list with a size that many', '{ newest(first: 4) { lines { id } } }', 4 * (1 + 5)],
    [
      'pages within pages, multiplied',
      '{ orders(first: 10) { nodes { orders(first: 20) { nodes { lines { id } } } } } }',
      1 + 10 * (1 + 1 + 20 * (1 + 5)),
    ],
    [
      'a mutation 10, and what it gives',
      'mutation { a: rename(name: "x") { id owner { id } } b: rename { id } check }',
      10 + 2 + 10 + 1 + 10,
    ],
    ['@listSize(assumedSize:)', '{ countries { code } }', 200],
    ['@listSize(slicingArguments:, sizedFields:)', '{ batch(ids: 40) { rows { id } notes { id } } }', 1 + 40 + 5],
    ['@listSize without its argument', '{ batch { rows { id } } }', 1 + 3],
    ['@cost of an argument, where it is given', '{ a: batch(filter: "x") { rows { id } } b: batch { rows { id } } }', 7 + 4 + 4],
    ['@cost of a type', '{ report { id } }', 9],
    ['@cost of a field in the place of its type', '{ forecast { id owner { id } } }', 51],
    ['@cost of a scalar', '{ rate }', 4],
    ['fields that merge, once', '{ shop { id ...F } shop { owner { id } } } fragment F on Shop { owner { shop { id } } }', 3],
    [
      'the most expensive object of an interface',
      '{ thing { shop { id } ... on Dear { people { id } } ... on Other { money { amount } } } }',
      1 + 1 + 5,
    ],
    ['nothing that is skipped', '{ shop @skip(if: true) { id } report @include(if: false) { id } }', 0],
  ])('%s', (_, source, expected) => expect(cost(source)).toBe(expected));

  it('goes by variables, their defaults, and conditions', () => {
    const source =
      'query ($n: Int = 7, $more: Boolean!) { orders(first: $n) { nodes { id ... @include(if: $more) { total { amount } } } } }';
    expect(cost(source, { more: false })).toBe(1 + 7);
    expect(cost(source, { more: true, n: 40 })).toBe(1 + 40 * 2);
    expect(cost(source, { more: true, n: null })).toBe(1 + 25 * 2);
    expect(cost(source, { more: true, n: 'many' })).toBe(1 + 25 * 2);
    expect(cost(source, { more: true, n: -1e9 })).toBe(1);
    expect(cost(source, { more: false, n: Infinity })).toBe(1 + 1e9);
  });

  it('counts objects alone, where weights are left out', () => {
    expect(cost('mutation { rename { id owner { id } } }', {}, plainly(weigh))).toBe(2);
    expect(cost('{ report { id } rate batch(ids: 3, filter: "x") { rows { id } } }', {}, plainly(weigh))).toBe(1 + 4);
  });

  it('has no bound where types within types multiply', () => {
    const nest = (depth: number): string => (depth === 0 ? 'id' : `other { ... on Cheap { id } ... on Dear { id } ${nest(depth - 1)} }`);
    expect(cost(`{ thing { ${nest(5)} } }`)).toBe(6);
    expect(cost(`{ thing { ${nest(18)} } }`)).toBe(Infinity);
  });
});
