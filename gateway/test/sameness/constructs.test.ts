import { getVariableValues, parse, type OperationDefinitionNode } from 'graphql';
import { describe, expect, it } from 'vitest';
import { expectAnswer, failing, type HandCase } from './by-hand.ts';
import { supergraphOf } from './compose.ts';
import { ourEngine } from './ours.ts';

const internal = 'Something went wrong on our side.';

const products = {
  sdl: `type Query { products: [Product!] product: Product first: Product strict: Product! }
    type Mutation { add(step: Int): Product change(step: Int): Product! }
    type Product @key(fields: "upc") { upc: ID! name: String price(in: String): Int related: [Product!] must: [Product!] }`,
  rows: {
    Query: {
      products: ['1', '2'].map((upc) => ({ __typename: 'Product', upc })),
      product: { __typename: 'Product', upc: '1' },
      first: { __typename: 'Product', upc: '1' },
      strict: { __typename: 'Product', upc: '2' },
    },
    Product: [
      {
        upc: '1',
        name: 'One',
        price: 10,
        related: [
          { __typename: 'Product', upc: '1' },
          { __typename: 'Product', upc: '2' },
        ],
      },
      { upc: '2', name: 'Two', price: 20, related: [{ __typename: 'Product', upc: '1' }] },
    ],
  },
};
const stock = {
  sdl: `type Product @key(fields: "upc") { upc: ID! stock: Int left: Int! }`,
  rows: {
    Product: [
      { upc: '1', stock: 5, left: 1 },
      { upc: '2', stock: 6, left: 2 },
    ],
  },
};

const cases: Readonly<Record<string, HandCase>> = {
  'a chain of @requires across three subgraphs': {
    services: {
      a: {
        sdl: 'type Query { thing: Thing } type Thing @key(fields: "id") { id: ID! base: Int }',
        rows: { Query: { thing: { __typename: 'Thing', id: '1' } }, Thing: [{ id: '1', base: 2 }] },
      },
      b: {
        sdl: 'type Thing @key(fields: "id") { id: ID! base: Int @external twice: Int @requires(fields: "base") }',
        rows: { Thing: [{ id: '1', twice: (_: unknown, { base }: { base: number }) => base * 2 }] },
      },
      c: {
        sdl: 'type Thing @key(fields: "id") { id: ID! twice: Int @external text: String @requires(fields: "twice") }',
        rows: { Thing: [{ id: '1', text: (_: unknown, { twice }: { twice: number }) => `twice is ${twice}` }] },
      },
    },
    query: '{ thing { text } }',
    data: { thing: { text: 'twice is 4' } },
    calls: ['a', 'b', 'c'],
  },
  'what is required stays out of the answer when nobody asked for it': {
    services: {
      a: {
        sdl: 'type Query { thing: Thing } type Thing @key(fields: "id") { id: ID! base: Int }',
        rows: { Query: { thing: { __typename: 'Thing', id: '1' } }, Thing: [{ id: '1', base: 2 }] },
      },
      b: {
        sdl: 'type Thing @key(fields: "id") { id: ID! base: Int @external twice: Int @requires(fields: "base") other: Int }',
        rows: { Thing: [{ id: '1', other: 3, twice: (_: unknown, { base }: { base: number }) => base * 2 }] },
      },
    },
    query: '{ thing { twice other } }',
    data: { thing: { twice: 4, other: 3 } },
  },
  'a whole fetch is skipped': {
    services: { products, stock },
    query: 'query ($skip: Boolean! = true) { product { name ... @skip(if: $skip) { stock left } } }',
    data: { product: { name: 'One' } },
    calls: ['products'],
  },
  'a whole fetch is not skipped': {
    services: { products, stock },
    query: 'query ($skip: Boolean! = true) { product { name ... @skip(if: $skip) { stock left } } }',
    variables: { skip: false },
    data: { product: { name: 'One', stock: 5, left: 1 } },
    calls: ['products', 'stock'],
  },
  'the same entity reached by several ways gets everything that any of them asks for': {
    services: { products, stock },
    query: '{ products { related { upc stock related { left } } } product { name } first { stock } }',
    data: {
      products: [
        {
          related: [
            { upc: '1', stock: 5, related: [{ left: 1 }, { left: 2 }] },
            { upc: '2', stock: 6, related: [{ left: 1 }] },
          ],
        },
        { related: [{ upc: '1', stock: 5, related: [{ left: 1 }, { left: 2 }] }] },
      ],
      product: { name: 'One' },
      first: { stock: 5 },
    },
  },
  'one field under several names with other arguments': {
    services: {
      products: {
        ...products,
        rows: { ...products.rows, Product: [{ upc: '1', price: ({ in: currency }: { in?: string }) => (currency === 'USD' ? 11 : 10) }] },
      },
      stock,
    },
    query: '{ product { usd: price(in: "USD") price stock again: stock eur: price(in: "EUR") } }',
    data: { product: { usd: 11, price: 10, stock: 5, again: 5, eur: 10 } },
  },
  'a null where none may be makes the nearest nullable null, through a list': {
    services: {
      products,
      stock: {
        ...stock,
        spoil: ({ data }) => ({
          data: { _entities: (data?.['_entities'] as object[]).map((each, index) => (index === 1 ? { ...each, left: null } : each)) },
        }),
      },
    },
    query: '{ product { name related { upc left } } }',
    data: { product: { name: 'One', related: null } },
    errors: [{ message: internal, path: ['product', 'related', 1, 'left'] }],
  },
  'and up to data itself when nothing on the way may be null': {
    services: { products, stock: { ...stock, spoil: () => ({ data: { _entities: [null] } }) } },
    query: '{ strict { left } product { name } }',
    data: null,
    errors: [{ message: internal, path: ['strict', 'left'] }],
  },
  'an error of a field stands at its place, and the rest of the answer stands': {
    services: {
      products,
      stock: {
        ...stock,
        rows: {
          Product: [
            { upc: '1', stock: failing('no stock'), left: 3 },
            { upc: '2', stock: 6, left: 2 },
          ],
        },
      },
    },
    query: '{ products { upc stock left } }',
    data: {
      products: [
        { upc: '1', stock: null, left: 3 },
        { upc: '2', stock: 6, left: 2 },
      ],
    },
    errors: [{ message: 'no stock', path: ['products', 0, 'stock'] }],
  },
  'an entity that its subgraph does not know': {
    services: { products, stock: { ...stock, rows: { Product: [{ upc: '1', stock: 5, left: 1 }] } } },
    query: '{ products { upc stock } }',
    data: {
      products: [
        { upc: '1', stock: 5 },
        { upc: '2', stock: null },
      ],
    },
  },
  'root fields of a mutation run one after the other, each with what belongs to it': {
    services: {
      products: {
        ...products,
        rows: {
          ...products.rows,
          Mutation: { add: { __typename: 'Product', upc: '1' }, change: { __typename: 'Product', upc: '2' } },
        },
      },
      stock: { ...stock, sdl: `type Mutation { restock: Int } ${stock.sdl}`, rows: { ...stock.rows, Mutation: { restock: 1 } } },
    },
    query: 'mutation { change(step: 1) { stock } restock add(step: 2) { upc stock } again: change { name left } }',
    data: { change: { stock: 6 }, restock: 1, add: { upc: '1', stock: 5 }, again: { name: 'Two', left: 2 } },
    calls: ['products', 'stock', 'stock', 'products', 'stock', 'stock'],
  },
  'an enum value that clients must not see is none': {
    services: {
      a: {
        sdl: 'type Query { colour: Colour colours: [Colour!] } enum Colour { RED BLUE @inaccessible }',
        rows: { Query: { colour: 'BLUE', colours: ['RED', 'BLUE'] } },
      },
    },
    query: '{ colour colours }',
    data: { colour: null, colours: null },
    errors: [
      { message: internal, path: ['colour'] },
      { message: internal, path: ['colours', 1] },
    ],
  },
  'leaves of another type are none, and what a custom scalar holds is not looked at': {
    services: {
      a: {
        sdl: 'scalar Any type Query { int: Int text: String bool: Boolean float: Float id: ID any: Any anything: Any }',
        rows: { Query: {} },
        spoil: () => ({ data: { int: 'one', text: { of: 'text' }, bool: 'yes', float: '1', id: 7, any: { deep: [1] }, anything: false } }),
      },
    },
    query: '{ int text bool float id any anything }',
    data: { int: null, text: null, bool: null, float: null, id: 7, any: { deep: [1] }, anything: false },
    errors: ['int', 'text', 'bool', 'float'].map((path) => ({ message: internal, path: [path] })),
  },
  'fields with one name and other types below a union': {
    services: {
      a: {
        sdl: `type Query { found: [Found] } union Found = Book | Movie
          type Book @key(fields: "id") { id: ID! size: Int } type Movie @key(fields: "id") { id: Int! size: String }`,
        rows: {
          Query: {
            found: [
              { __typename: 'Book', id: 'b' },
              { __typename: 'Movie', id: 7 },
            ],
          },
          Book: [{ id: 'b', size: 3 }],
          Movie: [{ id: 7, size: 'long' }],
        },
      },
      b: {
        sdl: 'type Book @key(fields: "id") { id: ID! stars: Int } type Movie @key(fields: "id") { id: Int! stars: Int }',
        rows: { Book: [{ id: 'b', stars: 4 }], Movie: [{ id: 7, stars: 5 }] },
      },
    },
    query: '{ found { ... on Book { stars pages: size } ... on Movie { stars length: size } } }',
    data: {
      found: [
        { stars: 4, pages: 3 },
        { stars: 5, length: 'long' },
      ],
    },
  },
  'an entity that is met again, below an object that stands at two places': {
    services: {
      a: {
        sdl: 'type Query { boxes: [Box] } type Box @key(fields: "id") { id: ID! colour: String }',
        rows: {
          Query: { boxes: ['2', '1', '3', '1'].map((id) => ({ __typename: 'Box', id })) },
          Box: ['1', '2', '3'].map((id) => ({ id, colour: `colour ${id}` })),
        },
      },
      b: {
        sdl: 'type Box @key(fields: "id") { id: ID! partner: Box }',
        rows: { Box: ['1', '2', '3'].map((id) => ({ id, partner: { __typename: 'Box', id: '3' } })) },
      },
    },
    query: '{ boxes { colour partner { colour } } }',
    data: { boxes: ['2', '1', '3', '1'].map((id) => ({ colour: `colour ${id}`, partner: { colour: 'colour 3' } })) },
  },
  'introspection among data, in its place': {
    services: { products, stock },
    query: '{ product { upc } __schema { queryType { name } } __typename kind: __type(name: "Product") { kind } strict { __typename } }',
    data: {
      product: { upc: '1' },
      __schema: { queryType: { name: 'Query' } },
      __typename: 'Query',
      kind: { kind: 'OBJECT' },
      strict: { __typename: 'Product' },
    },
  },
  'the operation that is named, of several': {
    services: { products, stock },
    query:
      'query One { product { upc } } query Two { product { ...P } } fragment P on Product { stock } fragment Q on Product { left } query Three { product { ...Q } }',
    operationName: 'Two',
    data: { product: { stock: 5 } },
  },
  'variables that are missing, null and by default': {
    services: {
      a: {
        sdl: 'input In { a: Int = 1 b: [String] c: In } type Query { say(in: In, list: [Int!], x: Int = 9, y: Int = 9): String }',
        rows: { Query: { say: (args: unknown) => JSON.stringify(args) } },
      },
    },
    query:
      'query ($in: In, $list: [Int!], $x: Int, $y: Int = 3, $b: String) { say(in: $in, list: $list, x: $x, y: $y) nested: say(in: { b: [$b, "c"], c: { b: [$b] } }, list: 5) }',
    variables: { in: { b: 'one', c: {} }, list: null },
    data: {
      say: '{"in":{"a":1,"b":["one"],"c":{"a":1}},"list":null,"x":9,"y":3}',
      nested: '{"in":{"a":1,"b":[null,"c"],"c":{"a":1,"b":[null]}},"list":[5],"x":9,"y":9}',
    },
  },
};

describe('each construct, by hand', () => {
  it.each(Object.entries(cases))('%s', (_, each) => expectAnswer(each));
});

describe('variables that are not of their types', () => {
  const ours = ourEngine(
    supergraphOf({
      a: 'enum E { A } input In { a: Int! b: [E!] } type Query { say(in: In, list: [Int!], id: ID, text: String!, on: Boolean! = true): String }',
    }),
  );
  const text =
    'query ($in: In, $list: [Int!], $id: ID, $text: String!, $on: Boolean! = true) { say(in: $in, list: $list, id: $id, text: $text, on: $on) }';
  const document = parse(text);
  const [operation] = document.definitions as [OperationDefinitionNode];

  it.each([
    {},
    { text: null },
    { text: 1, id: 1.5 },
    { text: 'x', on: null },
    { text: 'x', list: [1, null] },
    { text: 'x', list: '1' },
    { text: 'x', in: {} },
    { text: 'x', in: { a: 1, b: ['B'], c: 2 } },
    { text: 'x', in: [] },
  ])('are refused as graphql-js refuses them: %j', async (variables) => {
    const { data, errors } = await ours.execute({ document, operationName: undefined, variables }, () => {
      throw new Error('No subgraph is asked.');
    });
    const { errors: expected = [] } = getVariableValues(ours.engine.schema, operation.variableDefinitions ?? [], variables);
    expect(data).toBeUndefined();
    expect(errors.map(({ message }) => message)).toEqual(expected.map(({ message }) => message));
    expect(expected.length).toBeGreaterThan(0);
  });
});
