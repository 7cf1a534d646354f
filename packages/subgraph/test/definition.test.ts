import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { assertOneOwner } from '@storegraph/subgraph';
import { define } from './define.ts';
import { fixture } from './fixture/subgraph.ts';

const query = 'extend type Query { ping: Int @access(permission: "public") }';
const ping = { Query: { ping: () => 1 } };

/** What the definition of the SDL, beside a harmless query, is refused for. */
function mistakes(sdl: string, resolvers: object = {}): string[] {
  try {
    define(`${query}\n${sdl}`, { ...ping, ...resolvers });
    return [];
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return error.message
      .split('\n')
      .slice(1)
      .map((line) => line.trim());
  }
}

describe('a subgraph does not start', () => {
  it.each([
    [
      'a query that can not be null, and so would take the rest of the answer with it',
      'extend type Query { open: Int! @access(permission: "public") }',
      ['Query.open: must be nullable.'],
    ],
    ['a query without a rule', 'extend type Query { open: Int }', ['Query.open: a root field needs @access.']],
    [
      'a mutation without a rule',
      'type Mutation { open: P! } type P { userErrors: [Int!]! }',
      ['Mutation.open: a root field needs @access.'],
    ],
    ['a subscription without a rule', 'type Subscription { open: Int }', ['Subscription.open: a root field needs @access.']],
    ['an entity without a rule', 'type A @key(fields: "id") { id: ID! }', ['A: an entity that is resolved here needs @access.']],
    [
      'a foreign entity, and a field added to it, without rules',
      'extend type A @key(fields: "id") { id: ID! added: Int }',
      ['A: an entity that is resolved here needs @access.', 'A.added: a field added to a foreign entity needs @access.'],
    ],
    [
      'a field added to a stub without a rule',
      'type A @key(fields: "id", resolvable: false) { id: ID! added: Int }',
      ['A.added: a field added to a foreign entity needs @access.'],
    ],
    [
      'an entity of which only one of two keys is resolvable and that has no rule',
      'type A @key(fields: "id", resolvable: false) @key(fields: "slug") { id: ID! slug: ID! }',
      ['A: an entity that is resolved here needs @access.'],
    ],
    [
      'a field of a foreign entity that fails the whole entity when this subgraph is down',
      'extend type A @key(fields: "id") @access(permission: "public") { id: ID! added: Int! @access(permission: "public") }',
      ['A.added: a field added to a foreign entity must be nullable.'],
    ],
    ['an extension of what is no entity', 'extend type A { added: Int }', ['A: extends a type that is no entity here.']],
    ['an unknown permission', 'type A { x: Int @access(permission: "orders:raed") }', ['A.x: there is no permission "orders:raed".']],
    [
      'an unknown kind',
      'type A { x: Int @access(permission: "orders:read", also: ["STAFF"]) }',
      ['A.x: "also" may name CUSTOMER and ANONYMOUS, not "STAFF".'],
    ],
    [
      'kinds beside a special value',
      'type A { x: Int @access(permission: "platform", also: ["CUSTOMER"]) }',
      ['A.x: "also" has no meaning beside "platform".'],
    ],
    [
      'a rule on an interface',
      'interface I { x: Int @access(permission: "public") }',
      ['I.x: @access belongs on the types that implement it.'],
    ],
    ['an entity interface', 'interface I @key(fields: "id") { id: ID! }', ['I: @key on an interface is not supported.']],
  ])('for %s', (_name, sdl, expected) => {
    expect(mistakes(sdl)).toEqual(expected);
  });

  const mutation = (type: string) => `type Mutation { noteAdd: ${type} @access(permission: "public") } ${payload}`;
  const payload = `
    type Ok { note: Int userErrors: [E!]! } type E implements UserError { code: C! field: [String!] message: String! } enum C { NOT_FOUND }
    type Silent { note: Int }
    type Plain { userErrors: [F!]! } type F { code: C! field: [String!] message: String! }
    type Codeless { userErrors: [G!]! } type G implements UserError { field: [String!] message: String! }`;
  const resolvers = { Mutation: { noteAdd: () => ({}) } };

  it('for a mutation that can not say why not', () => {
    expect(mistakes(mutation('Ok!'), resolvers)).toEqual([]);
    expect(mistakes(mutation('Ok'), resolvers)).toEqual(['Mutation.noteAdd: must give a non-null payload type.']);
    expect(mistakes(mutation('Int!'), resolvers)).toEqual(['Mutation.noteAdd: must give a non-null payload type.']);
    for (const type of ['Silent', 'Plain', 'Codeless']) {
      expect(mistakes(mutation(`${type}!`), resolvers)).toEqual([
        `Mutation.noteAdd: ${type} needs userErrors: [NoteAddUserError!]!, a UserError with a code.`,
      ]);
    }
  });

  it('for SDL that nothing resolves, and resolvers of what is not in the SDL', () => {
    const entity = 'type A @key(fields: "id") @access(permission: "public") { id: ID! }';
    expect(mistakes(entity)).toEqual(['A: an entity of this subgraph needs __resolveReference.']);
    expect(mistakes('extend type Query { other: Int @access(permission: "public") }')).toEqual(['Query.other: has no resolver.']);
    expect(mistakes('', { Other: { x: () => 1 } })).toEqual(['Other: has resolvers and is not in the SDL.']);
    expect(mistakes('type A { x: Int }', { A: { y: () => 1 } })).toEqual(['A.y: has a resolver and is not in the SDL.']);
  });

  it('for two resolvers of one field', () => {
    expect(() => define(query, {})).toThrow('Query.ping: has no resolver.');
    expect(() => define('type Query {', {})).toThrow('Syntax Error');
  });
});

describe('the SDL', () => {
  it('of two subgraphs may not define the same entity, where neither would have to guard what it adds', () => {
    const owner = define(`${query} type Customer @key(fields: "id") @access(permission: "public") { id: ID! }`, {
      ...ping,
      Customer: { __resolveReference: () => null },
    });
    expect(owner.owns).toEqual(['Customer']);
    expect(fixture.owns).toEqual(['Note']);
    expect(() => assertOneOwner([owner, fixture])).not.toThrow();
    expect(() => assertOneOwner([owner, { name: 'orders', owns: ['Customer'] }])).toThrow('Customer is defined by fixture and by orders');
  });

  it('composes with another subgraph that owns what this one extends, and @access is no part of the graph', () => {
    const owner = define(
      `type Customer @key(fields: "id") @access(permission: "customers:read") { id: ID! name: String price: Money }
       extend type Query { customer: Customer @access(permission: "customers:read") }`,
      { Query: { customer: () => null }, Customer: { __resolveReference: () => null } },
      'customers',
    );
    const services = [owner, fixture].map(({ name, sdl }) => ({ name, typeDefs: parse(sdl), url: `http://${name}` }));
    const { errors, supergraphSdl, hints } = composeServices(services);
    expect(errors).toBeUndefined();
    expect(supergraphSdl).not.toContain('@access');
    expect(hints?.map((hint) => hint.toString())).toEqual([]);
  });
});
