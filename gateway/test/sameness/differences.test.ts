import { describe, expect, it } from 'vitest';
import { expectAnswer, failing, type Service } from './by-hand.ts';
import { dissimilarity } from './compare.ts';
import { parse } from 'graphql';

/** Each difference that is meant: our answer is written down, and the reference has another, which the comparison explains. */

const internal = 'Something went wrong on our side.';
const things = (type: string) => (id: string) => ({ __typename: type, id });

const a: Service = {
  sdl: 'type Query { thing: Thing list: [Thing] all: [Thing!] } type Thing @key(fields: "id") { id: ID! a: Int sure: Int! }',
  rows: {
    Query: { thing: things('Thing')('1'), list: [null, things('Thing')('1'), things('Thing')('2')], all: ['2', '1'].map(things('Thing')) },
    Thing: [
      { id: '1', a: 1, sure: 1 },
      { id: '2', a: 2, sure: 2 },
    ],
  },
};
const b: Service = {
  sdl: 'type Query { b: Int } type Thing @key(fields: "id") { id: ID! b: Int c: Int a: Int @external d: Int @requires(fields: "a") }',
  rows: {
    Query: { b: 1 },
    Thing: [
      { id: '1', b: 1, c: 1, d: 1 },
      { id: '2', b: 2, c: 2, d: 2 },
    ],
  },
};

describe('what we do otherwise than the reference', () => {
  it('tells of a null where none may be among the errors, masked', () =>
    expectAnswer({
      explained: true,
      services: { a: { ...a, spoil: () => ({ data: { thing: { sure: null } } }) } },
      query: '{ thing { sure } }',
      data: { thing: null },
      errors: [{ message: internal, path: ['thing', 'sure'] }],
    }));

  it('tells of a null where none may be also beside what a subgraph told of another place', () =>
    expectAnswer({
      explained: true,
      services: {
        a: {
          ...a,
          spoil: ({ data, ...rest }) => ({ data: data && { ...data, list: [null, { sure: null }, { sure: 'nonsense' }] }, ...rest }),
        },
        b: { ...b, rows: { ...b.rows, Query: { b: failing('no b') } } },
      },
      query: '{ b list { sure } }',
      data: { b: null, list: [null, null, null] },
      errors: [
        { message: 'no b', path: ['b'] },
        { message: internal, path: ['list', 1, 'sure'] },
        { message: internal, path: ['list', 2, 'sure'] },
      ],
    }));

  it('tells of a null once, where a subgraph told why, or where a fetch that failed was to fill it', async () => {
    const sure = { ...b, sdl: 'type Query { b: Int } type Thing @key(fields: "id") { id: ID! b: Int! }' };
    const noB = [{ id: '1', b: failing('no b') }];
    await expectAnswer({
      services: { a, b: { ...sure, rows: { Thing: noB } } },
      query: '{ thing { a b } }',
      data: { thing: null },
      errors: [{ message: 'no b', path: ['thing', 'b'] }],
    });
    await expectAnswer({
      explained: true,
      services: { a, b: { ...sure, spoil: () => ({ data: null, errors: [{ message: 'down', extensions: {} }] }) } },
      query: '{ thing { a b } }',
      data: { thing: null },
      errors: [{ message: 'down', path: ['thing', 'b'] }],
    });
  });

  it('tells of the reason for a null that comes first in the operation', () =>
    expectAnswer({
      explained: true,
      services: { a: { ...a, spoil: () => ({ data: { thing: { id: null, sure: null } } }) } },
      query: '{ thing { ... on Thing { sure } id ... on Thing { id } } }',
      data: { thing: null },
      errors: [{ message: internal, path: ['thing', 'sure'] }],
    }));

  it('tells of values that are not of their types at a hundred places, and of one thing that went wrong at as many', async () => {
    const many = Array.from({ length: 120 }, () => things('Thing')('1'));
    const rows = { Query: { list: many }, Thing: [{ id: '1', a: 1, sure: 1 }] };
    await expectAnswer({
      explained: true,
      services: { a: { ...a, spoil: () => ({ data: { list: many.map(() => ({ sure: null })) } }) } },
      query: '{ list { sure } }',
      data: { list: many.map(() => null) },
      errors: many.slice(0, 100).map((_, index) => ({ message: internal, path: ['list', index, 'sure'] })),
    });
    await expectAnswer({
      explained: true,
      services: { a: { ...a, rows }, b: { ...b, rows: { Thing: [{ id: '1', b: failing('no b') }] } } },
      query: '{ list { b } }',
      data: { list: many.map(() => ({ b: null })) },
      errors: many.slice(0, 100).map((_, index) => ({ message: 'no b', path: ['list', index, 'b'] })),
    });
  });

  it('tells of a field that only the planner wanted at the object that the client knows', () =>
    expectAnswer({
      explained: true,
      services: { a: { ...a, rows: { ...a.rows, Thing: [{ id: '1', a: failing('no a') }] } }, b },
      query: '{ thing { d } }',
      data: { thing: { d: 1 } },
      errors: [{ message: 'no a', path: ['thing'] }],
    }));

  it('tells of a fetch that fails at each of the fields that it was to fill', () =>
    expectAnswer({
      explained: true,
      services: {
        a,
        b: { ...b, spoil: () => ({ data: null, errors: [{ message: 'down', extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }] }) },
      },
      query: '{ b list { b renamed: c } }',
      data: { b: null, list: [null, { b: null, renamed: null }, { b: null, renamed: null }] },
      errors: [
        { message: 'down', path: ['b'] },
        { message: 'down', path: ['list', 1, 'b'] },
        { message: 'down', path: ['list', 1, 'renamed'] },
        { message: 'down', path: ['list', 2, 'b'] },
        { message: 'down', path: ['list', 2, 'renamed'] },
      ],
    }));

  it('tells of an error at the entity that has it, also when some before it were not asked for', () =>
    expectAnswer({
      explained: true,
      services: {
        a: {
          sdl: 'type Query { found: [Found] } union Found = Other | Thing type Other { x: Int } type Thing @key(fields: "id") { id: ID! }',
          rows: { Query: { found: [{ __typename: 'Other', x: 1 }, ...['1', '2'].map(things('Thing'))] } },
        },
        b: {
          sdl: 'type Thing @key(fields: "id") { id: ID! b: Int }',
          rows: {
            Thing: [
              { id: '1', b: 1 },
              { id: '2', b: failing('no b') },
            ],
          },
        },
      },
      query: '{ found { ... on Thing { b } } }',
      data: { found: [{}, { b: 1 }, { b: null }] },
      errors: [{ message: 'no b', path: ['found', 2, 'b'] }],
    }));

  it('tells of a field by the name that the client gave it, where the planner chose another', () =>
    expectAnswer({
      explained: true,
      services: {
        a: {
          sdl: 'type Query { found: [Found] } union Found = X | Y type X { same: Int } type Y @shareable { same: Int! }',
          rows: {
            Query: {
              found: [
                { __typename: 'X', same: failing('no same') },
                { __typename: 'Y', same: 2 },
              ],
            },
          },
        },
        b: { sdl: 'type Query { b: Y } type Y @shareable { same: Int }' },
      },
      query: '{ found { ... on Y { same } ... on X { same } } }',
      data: { found: [{ same: null }, { same: 2 }] },
      errors: [{ message: 'no same', path: ['found', 0, 'same'] }],
    }));

  it('merges what introspection fields of one name ask for', () =>
    expectAnswer({
      services: { a },
      query: '{ __schema { queryType { name } } ...F } fragment F on Query { __schema { mutationType { name } } }',
      data: { __schema: { queryType: { name: 'Query' }, mutationType: null } },
      reference: 'It answers what the first of them asks for.',
    }));

  it('applies fragments on several interfaces to an object whose type the plan did not ask for', () =>
    expectAnswer({
      services: {
        a: {
          sdl: 'type Query { one: One } interface I { x: Int } type One implements I { x: Int y: Int }',
          rows: { Query: { one: { x: 1, y: 2 } } },
        },
      },
      query: '{ one { ... on I { ... on I { ... on One { y } } } } }',
      data: { one: { y: 2 } },
      reference: 'It takes the object to be of the type of the outer fragment, and leaves the inner one out.',
    }));

  it('names the fields in the order of the operation', () =>
    expectAnswer({
      explained: true,
      services: { a, b },
      query: '{ thing { ... on Thing { b } id } thing { a ... on Thing { c } } }',
      data: { thing: { b: 1, id: '1', a: 1, c: 1 } },
    }));
});

describe('the comparison', () => {
  const sent = { document: parse('{ a { b } c }'), operationName: undefined, variables: {} };
  const reference = { data: { a: { b: null }, c: 1 }, errors: [], completion: [] };
  const error = { message: 'no', path: ['a', 'b'], code: 'X' };

  it.each([
    ['other data', { data: { a: { b: 1 }, c: 1 }, errors: [] }, reference],
    ['an error more', { data: reference.data, errors: [error] }, reference],
    ['an error less', { data: reference.data, errors: [] }, { ...reference, errors: [error] }],
    ['another code', { data: reference.data, errors: [{ ...error, code: 'Y' }] }, { ...reference, errors: [error] }],
    ['another path', { data: reference.data, errors: [{ ...error, path: ['c'] }] }, { ...reference, errors: [error] }],
    ['the same error twice', { data: reference.data, errors: [error, error] }, { ...reference, errors: [error] }],
    ['a null that it does not tell of', { data: reference.data, errors: [] }, { ...reference, completion: [error] }],
    [
      'a null elsewhere',
      { data: reference.data, errors: [{ message: internal, path: ['c'], code: 'INTERNAL' }] },
      { ...reference, completion: [error] },
    ],
    [
      'an error at what stands',
      { data: reference.data, errors: [{ ...error, path: ['c'] }] },
      { ...reference, errors: [{ ...error, path: undefined }] },
    ],
  ])('notices %s', (_, ours, other) => {
    expect(dissimilarity(sent, ours, other)).toBeDefined();
  });

  it('lets pass what is the same', () => {
    expect(dissimilarity(sent, { data: reference.data, errors: [error] }, { ...reference, errors: [error] })).toBeUndefined();
  });
});
