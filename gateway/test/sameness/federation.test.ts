import { describe, it } from 'vitest';
import { expectAnswer, type HandCase } from './by-hand.ts';

/** References to things, as a subgraph gives them. */
const refs = (typename: string, key: string, values: readonly unknown[]) => values.map((value) => ({ __typename: typename, [key]: value }));
const ref = (typename: string, key: string, value: unknown) => ({ __typename: typename, [key]: value });

const cases: Readonly<Record<string, HandCase>> = {
  'shared root fields': {
    services: {
      names: {
        sdl: 'type Query { product: Product @shareable } type Product @shareable { id: ID! name: Name } type Name @shareable { id: ID! brand: String }',
        rows: { Query: { product: { id: '1', name: { id: 'n', brand: 'Acme' } } } },
      },
      prices: {
        sdl: 'type Query { product: Product @shareable } type Product @shareable { id: ID! price: Price } type Price @shareable { id: ID! amount: Int }',
        rows: { Query: { product: { id: '1', price: { id: 'p', amount: 3 } } } },
      },
    },
    query: '{ product { price { amount } id name { brand } } }',
    data: { product: { price: { amount: 3 }, id: '1', name: { brand: 'Acme' } } },
  },
  'a parent that is no entity of the subgraph: the way back to its parent': {
    services: {
      a: {
        sdl: 'type Query { products: [Product!] } type Product @key(fields: "id") { id: ID! }',
        rows: { Query: { products: refs('Product', 'id', ['1']) }, Product: [{ id: '1' }] },
      },
      b: {
        sdl: 'type Product @key(fields: "id") { id: ID! category: Category @shareable } type Category @shareable { details: Details } type Details @shareable { text: String }',
        rows: { Product: [{ id: '1', category: { details: { text: 'shoes' } } }] },
      },
      c: {
        sdl: 'type Product @key(fields: "id") { id: ID! category: Category @shareable } type Category @shareable { details: Details } type Details @shareable { count: Int }',
        rows: { Product: [{ id: '1', category: { details: { count: 4 } } }] },
      },
    },
    query: '{ products { category { details { text count } } } }',
    data: { products: [{ category: { details: { text: 'shoes', count: 4 } } }] },
  },
  'keys of several fields and of nested objects': {
    services: {
      a: {
        sdl: 'type Query { item: Item } type Item @key(fields: "id org { id region { code } }") { id: ID! org: Org! } type Org @shareable { id: ID! region: Region! } type Region @shareable { code: String! }',
        rows: { Query: { item: { id: '1', org: { id: 'o', region: { code: 'eu' } } } } },
      },
      b: {
        sdl: 'type Item @key(fields: "id org { id region { code } }") { id: ID! org: Org! label: String } type Org @shareable { id: ID! region: Region! } type Region @shareable { code: String! }',
        rows: {
          Item: [
            { id: '1', org: { id: 'o', region: { code: 'us' } }, label: 'wrong' },
            { id: '1', org: { id: 'o', region: { code: 'eu' } }, label: 'right' },
          ],
        },
      },
    },
    query: '{ item { label } }',
    data: { item: { label: 'right' } },
  },
  'a chain over a key of each subgraph': {
    services: {
      a: { sdl: 'type Query { node: N } type N @key(fields: "a") { a: ID! }', rows: { Query: { node: ref('N', 'a', '1') } } },
      b: { sdl: 'type N @key(fields: "a") @key(fields: "b") { a: ID! b: ID! }', rows: { N: [{ a: '1', b: '2' }] } },
      c: { sdl: 'type N @key(fields: "b") @key(fields: "c") { b: ID! c: ID! }', rows: { N: [{ b: '2', c: '3' }] } },
      d: { sdl: 'type N @key(fields: "c") { c: ID! end: String }', rows: { N: [{ c: '3', end: 'here' }] } },
    },
    query: '{ node { end } }',
    data: { node: { end: 'here' } },
    calls: ['a', 'b', 'c', 'd'],
  },
  'keys that are null': {
    services: {
      a: {
        sdl: 'type Query { books: [Book] } type Book @key(fields: "upc") { upc: ID }',
        rows: { Query: { books: [ref('Book', 'upc', '1'), ref('Book', 'upc', null), null] } },
      },
      b: { sdl: 'type Book @key(fields: "upc") @key(fields: "id") { upc: ID id: ID }', rows: { Book: [{ upc: '1', id: 'i' }] } },
      c: { sdl: 'type Book @key(fields: "id") { id: ID title: String }', rows: { Book: [{ id: 'i', title: 'One' }] } },
    },
    query: '{ books { title upc } }',
    data: { books: [{ title: 'One', upc: '1' }, { title: null, upc: null }, null] },
  },
  'enums that differ: what clients may send is what all know': {
    services: {
      a: {
        sdl: 'type Query { users(type: Kind): [Kind] } enum Kind { ADMIN GUEST @inaccessible }',
        rows: { Query: { users: ({ type }: { type: unknown }) => [type, 'GUEST'] } },
      },
      b: {
        sdl: 'type Query { other(type: Kind): Kind } enum Kind { ADMIN }',
        rows: { Query: { other: ({ type }: { type: unknown }) => type } },
      },
    },
    query: 'query ($kind: Kind = ADMIN) { users(type: $kind) other(type: ADMIN) }',
    data: { users: ['ADMIN', null], other: 'ADMIN' },
    errors: [{ message: 'Something went wrong on our side.', path: ['users', 1] }],
  },
  'input objects that differ: the fields that all know': {
    services: {
      a: {
        sdl: 'type Query { a(in: In!): String } input In { first: Int after: String only: Int }',
        rows: { Query: { a: (args: unknown) => JSON.stringify(args) } },
      },
      b: {
        sdl: 'type Query { b(in: In!): String } input In { first: Int after: String }',
        rows: { Query: { b: (args: unknown) => JSON.stringify(args) } },
      },
    },
    query: 'query ($in: In!) { a(in: $in) b(in: { first: 2 }) }',
    variables: { in: { after: 'x' } },
    data: { a: '{"in":{"after":"x"}}', b: '{"in":{"first":2}}' },
  },
  'unions that differ': {
    services: {
      a: {
        sdl: 'type Query { media: Media @shareable all: [Media] } union Media = Book | Movie type Book @shareable { title: String } type Movie { title: String }',
        rows: {
          Query: {
            media: { __typename: 'Book', title: 'B' },
            all: [
              { __typename: 'Movie', title: 'M' },
              { __typename: 'Book', title: 'B' },
            ],
          },
        },
      },
      b: {
        sdl: 'type Query { media: Media @shareable songs: [Media] } union Media = Book | Song type Book @shareable { title: String } type Song { title: String }',
        rows: { Query: { media: { __typename: 'Book', title: 'B' }, songs: [{ __typename: 'Song', title: 'S' }] } },
      },
    },
    query:
      '{ media { ...T } all { ...T } songs { ...T } } fragment T on Media { __typename ... on Book { title } ... on Song { title } ... on Movie { title } }',
    data: {
      media: { __typename: 'Book', title: 'B' },
      all: [
        { __typename: 'Movie', title: 'M' },
        { __typename: 'Book', title: 'B' },
      ],
      songs: [{ __typename: 'Song', title: 'S' }],
    },
  },
  'keys and required fields that clients must not see': {
    services: {
      a: {
        sdl: 'type Query { user: User } type User @key(fields: "id") { id: ID! @inaccessible rank: Int @inaccessible }',
        rows: { Query: { user: ref('User', 'id', '1') }, User: [{ id: '1', rank: 3 }] },
      },
      b: {
        sdl: 'type User @key(fields: "id") { id: ID! @inaccessible rank: Int @external title: String @requires(fields: "rank") }',
        rows: { User: [{ id: '1', title: (_: unknown, { rank }: { rank: number }) => `rank ${rank}` }] },
      },
    },
    query: '{ user { title __typename } }',
    data: { user: { title: 'rank 3', __typename: 'User' } },
  },
  'a type that clients must not see': {
    services: {
      a: {
        sdl: 'type Query { pets: [Pet] } union Pet = Cat | Ghost type Cat { name: String } type Ghost @inaccessible { name: String }',
        rows: {
          Query: {
            pets: [
              { __typename: 'Cat', name: 'Tom' },
              { __typename: 'Ghost', name: 'Boo' },
            ],
          },
        },
      },
    },
    query: '{ pets { __typename ... on Cat { name } } }',
    data: { pets: [{ __typename: 'Cat', name: 'Tom' }, null] },
    errors: [{ message: 'Something went wrong on our side.', path: ['pets', 1] }],
  },
  '@requires of an interface': {
    services: {
      a: {
        sdl: 'type Query { user: User } type User @key(fields: "id") { id: ID! address: Address } interface Address { street: String } type Home implements Address { street: String city: String } type Work implements Address { street: String floor: Int }',
        rows: { Query: { user: ref('User', 'id', '1') }, User: [{ id: '1', address: { __typename: 'Work', street: 's', floor: 2 } }] },
      },
      b: {
        sdl: 'type User @key(fields: "id") { id: ID! address: Address @external text: String @requires(fields: "address { __typename street ... on Home { city } ... on Work { floor } }") } interface Address { street: String } type Home implements Address { street: String @external city: String @external } type Work implements Address { street: String @external floor: Int @external }',
        rows: { User: [{ id: '1', text: (_: unknown, { address }: { address: unknown }) => JSON.stringify(address) }] },
      },
    },
    query: '{ user { text } }',
    data: { user: { text: '{"__typename":"Work","street":"s","floor":2}' } },
  },
  '@requires of a union, with fragments': {
    services: {
      a: {
        sdl: 'type Query { list: [Entity] } type Entity @key(fields: "id") { id: ID! data: Data } union Data = Foo | Bar type Foo @shareable { foo: String } type Bar @shareable { bar: Int more: Foo }',
        rows: {
          Query: { list: refs('Entity', 'id', ['1', '2', '3']) },
          Entity: [
            { id: '1', data: { __typename: 'Foo', foo: 'f' } },
            { id: '2', data: { __typename: 'Bar', bar: 2, more: { foo: 'm' } } },
            { id: '3', data: null },
          ],
        },
      },
      b: {
        sdl: 'type Entity @key(fields: "id") { id: ID! data: Data @external text: String @requires(fields: "data { __typename ... on Foo { foo } ... on Bar { bar more { foo } } }") } union Data = Foo | Bar type Foo @shareable { foo: String } type Bar @shareable { bar: Int more: Foo }',
        rows: { Entity: ['1', '2', '3'].map((id) => ({ id, text: (_: unknown, { data }: { data: unknown }) => JSON.stringify(data) })) },
      },
    },
    query: '{ list { text } }',
    data: {
      list: [{ text: '{"__typename":"Foo","foo":"f"}' }, { text: '{"__typename":"Bar","bar":2,"more":{"foo":"m"}}' }, { text: 'null' }],
    },
  },
  '@requires with an argument, and the field itself with another': {
    services: {
      a: {
        sdl: 'type Query { p: P } type P @key(fields: "id") { id: ID! price(in: String): Int }',
        rows: { Query: { p: ref('P', 'id', '1') }, P: [{ id: '1', price: (args: { in?: string }) => (args.in === 'USD' ? 11 : 10) }] },
      },
      b: {
        sdl: 'type P @key(fields: "id") { id: ID! price(in: String): Int @external cost: Int @requires(fields: "price(in: \\"USD\\")") }',
        rows: { P: [{ id: '1', cost: (_: unknown, { price }: { price: number }) => price * 2 }] },
      },
    },
    query: '{ p { cost euros: price(in: "EUR") } }',
    data: { p: { cost: 22, euros: 10 } },
  },
  'fields for every implementation of an interface': {
    services: {
      a: {
        sdl: 'type Query { users: [User] } interface User @key(fields: "id") { id: ID! name: String } type Admin implements User @key(fields: "id") { id: ID! name: String level: Int } type Guest implements User @key(fields: "id") { id: ID! name: String }',
        rows: {
          Query: { users: [ref('Admin', 'id', '1'), ref('Guest', 'id', '2')] },
          Admin: [{ id: '1', name: 'A', level: 9 }],
          Guest: [{ id: '2', name: 'G' }],
        },
      },
      b: {
        sdl: 'type User @key(fields: "id") @interfaceObject { id: ID! age: Int }',
        rows: {
          User: [
            { id: '1', age: 30 },
            { id: '2', age: 40 },
          ],
        },
      },
    },
    query: '{ users { __typename age name ... on Admin { level age } } }',
    data: {
      users: [
        { __typename: 'Admin', age: 30, name: 'A', level: 9 },
        { __typename: 'Guest', age: 40, name: 'G' },
      ],
    },
  },
  'an interface object that comes first: its real type is looked up': {
    services: {
      a: {
        sdl: 'interface User @key(fields: "id") { id: ID! name: String } type Admin implements User @key(fields: "id") { id: ID! name: String } type Guest implements User @key(fields: "id") { id: ID! name: String }',
        rows: {
          User: [
            { __typename: 'Admin', id: '1', name: 'A' },
            { __typename: 'Guest', id: '2', name: 'G' },
          ],
        },
      },
      b: {
        sdl: 'type Query { users: [User] } type User @key(fields: "id") @interfaceObject { id: ID! age: Int name: String @external title: String @requires(fields: "name") }',
        rows: {
          Query: { users: refs('User', 'id', ['1', '2']) },
          User: ['1', '2'].map((id) => ({ id, age: Number(id), title: (_: unknown, { name }: { name: string }) => `the ${name}` })),
        },
      },
    },
    query: '{ users { age __typename title ... on Guest { name } } }',
    data: {
      users: [
        { age: 1, __typename: 'Admin', title: 'the A' },
        { age: 2, __typename: 'Guest', title: 'the G', name: 'G' },
      ],
    },
  },
  'mutations that give entities, one after the other': {
    services: {
      a: {
        sdl: 'type Query { a: Int } type Mutation { add(n: Int!): P! } type P @key(fields: "id") { id: ID! name: String }',
        rows: {
          Mutation: { add: ({ n }: { n: number }) => ({ __typename: 'P', id: String(n) }) },
          P: [
            { id: '1', name: 'one' },
            { id: '2', name: 'two' },
          ],
        },
      },
      b: {
        sdl: 'type Mutation { count: Int } type P @key(fields: "id") { id: ID! price: Int }',
        rows: {
          Mutation: { count: 7 },
          P: [
            { id: '1', price: 1 },
            { id: '2', price: 2 },
          ],
        },
      },
    },
    query: 'mutation { one: add(n: 1) { price name } count two: add(n: 2) { name price } }',
    data: { one: { price: 1, name: 'one' }, count: 7, two: { name: 'two', price: 2 } },
    calls: ['a', 'b', 'b', 'a', 'b'],
  },
  '@provides inside @provides': {
    services: {
      a: {
        sdl: 'type Query { top: P @provides(fields: "categories { name }") } type P @key(fields: "id") { id: ID! categories: [C!] @external } type C @key(fields: "id") { id: ID! name: String @external }',
        rows: { Query: { top: { __typename: 'P', id: '1', categories: [{ __typename: 'C', id: 'c', name: 'provided' }] } } },
      },
      b: {
        sdl: 'type P @key(fields: "id") { id: ID! categories: [C!] @shareable } type C @key(fields: "id") { id: ID! name: String @shareable }',
      },
    },
    query: '{ top { categories { id name } } }',
    data: { top: { categories: [{ id: 'c', name: 'provided' }] } },
    calls: ['a'],
  },
  '@provides on an interface and a union': {
    services: {
      a: {
        sdl: `type Query { media: Media @shareable @provides(fields: "animals { id ... on Dog { name } }") }
          interface Media { id: ID! animals: [Animal] } interface Animal { id: ID! name: String }
          type Book implements Media @key(fields: "id") { id: ID! animals: [Animal] @external }
          type Dog implements Animal @key(fields: "id") { id: ID! @external name: String @external }
          type Cat implements Animal @key(fields: "id") { id: ID! @external name: String @external }`,
        rows: { Query: { media: { __typename: 'Book', id: '1', animals: [{ __typename: 'Dog', id: 'd', name: 'Rex' }] } } },
      },
      b: {
        sdl: `type Query { media: Media @shareable } interface Media { id: ID! animals: [Animal] } interface Animal { id: ID! name: String }
          type Book implements Media @key(fields: "id") { id: ID! @shareable animals: [Animal] @shareable }
          type Dog implements Animal @key(fields: "id") { id: ID! name: String @shareable }
          type Cat implements Animal @key(fields: "id") { id: ID! name: String @shareable }`,
        rows: { Query: { media: { __typename: 'Book', id: '1', animals: [{ __typename: 'Dog', id: 'd', name: 'Rex' }] } } },
      },
    },
    query: '{ media { id animals { id ... on Dog { name } } } }',
    data: { media: { id: '1', animals: [{ id: 'd', name: 'Rex' }] } },
  },
  '__typename on interfaces, unions, roots, under other names': {
    services: {
      a: {
        sdl: 'schema { query: Root } type Root { node: Node pets: [Pet] } interface Node { id: ID! } type Cat implements Node { id: ID! } type Dog implements Node { id: ID! } union Pet = Cat | Dog',
        rows: {
          Root: {
            node: { __typename: 'Cat', id: '1' },
            pets: [
              { __typename: 'Dog', id: '2' },
              { __typename: 'Cat', id: '1' },
            ],
          },
        },
      },
    },
    query:
      '{ root: __typename __typename node { type: __typename } pets { a: __typename ... on Node { b: __typename id } ... on Dog { __typename } } }',
    data: {
      root: 'Query',
      __typename: 'Query',
      node: { type: 'Cat' },
      pets: [
        { a: 'Dog', b: 'Dog', id: '2', __typename: 'Dog' },
        { a: 'Cat', b: 'Cat', id: '1' },
      ],
    },
  },
  'the first federation: extend, @external': {
    services: {
      a: {
        sdl: '# federation 1\ntype Query { user: User } type User @key(fields: "id") { id: ID! name: String }',
        rows: { Query: { user: ref('User', 'id', '1') }, User: [{ id: '1', name: 'Ann' }] },
      },
      b: {
        sdl: '# federation 1\nextend type Query { rated: User } extend type User @key(fields: "id") { id: ID! @external name: String @external greeting: String @requires(fields: "name") }',
        rows: {
          Query: { rated: ref('User', 'id', '1') },
          User: [{ id: '1', greeting: (_: unknown, { name }: { name: string }) => `Hello ${name}` }],
        },
      },
    },
    query: '{ rated { id greeting name } user { greeting } }',
    data: { rated: { id: '1', greeting: 'Hello Ann', name: 'Ann' }, user: { greeting: 'Hello Ann' } },
  },
  'the second federation: @extends with @external keys': {
    services: {
      a: {
        sdl: 'type Query { user: User } type User @key(fields: "id") { id: ID! name: String @shareable }',
        rows: { Query: { user: ref('User', 'id', '1') }, User: [{ id: '1', name: 'Ann' }] },
      },
      b: {
        sdl: 'extend type Query { provided: User @provides(fields: "name") plain: User } extend type User @key(fields: "id") { id: ID! @external name: String @external }',
        rows: { Query: { provided: { __typename: 'User', id: '1', name: 'Provided' }, plain: ref('User', 'id', '1') } },
      },
    },
    query: '{ provided { name } plain { name id } }',
    data: { provided: { name: 'Provided' }, plain: { name: 'Ann', id: '1' } },
  },
  'a field that has moved': {
    services: {
      a: {
        sdl: 'type Query { post: Post } type Post @key(fields: "id") { id: ID! at: String @override(from: "b") }',
        rows: { Query: { post: ref('Post', 'id', '1') }, Post: [{ id: '1', at: 'new' }] },
      },
      b: {
        sdl: 'type Query { old: Post } type Post @key(fields: "id") { id: ID! at: String text: String }',
        rows: { Query: { old: ref('Post', 'id', '1') }, Post: [{ id: '1', at: 'old', text: 't' }] },
      },
    },
    query: '{ old { at text } post { text at } }',
    data: { old: { at: 'new', text: 't' }, post: { text: 't', at: 'new' } },
  },
  'a field that has moved for a part of the requests: for none, where nobody decides': {
    services: {
      a: {
        sdl: 'type Query { a: Post } type Post @key(fields: "id") { id: ID! at: String @override(from: "b", label: "percent(0)") }',
        rows: { Query: { a: ref('Post', 'id', '1') }, Post: [{ id: '1', at: 'new' }] },
      },
      b: {
        sdl: 'type Query { b: Post } type Post @key(fields: "id") { id: ID! at: String }',
        rows: { Query: { b: ref('Post', 'id', '1') }, Post: [{ id: '1', at: 'old' }] },
      },
    },
    query: '{ a { at } b { at } }',
    data: { a: { at: 'old' }, b: { at: 'old' } },
  },
  'a field that has moved from a subgraph that there is not': {
    services: {
      a: {
        sdl: 'type Query { a: Post } type Post @key(fields: "id") { id: ID! at: String @override(from: "gone") }',
        rows: { Query: { a: ref('Post', 'id', '1') }, Post: [{ id: '1', at: 'new' }] },
      },
    },
    query: '{ a { at } }',
    data: { a: { at: 'new' } },
  },
  'a field that has moved and requires another': {
    services: {
      a: {
        sdl: 'type Query { a: U } type U @key(fields: "id") { id: ID! name: String @shareable aName: String @requires(fields: "cName") cName: String @external }',
        rows: {
          Query: { a: ref('U', 'id', '1') },
          U: [{ id: '1', name: 'n', aName: (_: unknown, { cName }: { cName: string }) => `a of ${cName}` }],
        },
      },
      b: {
        sdl: 'type U @key(fields: "id") { id: ID! name: String @shareable bName: String cName: String @override(from: "c") }',
        rows: { U: [{ id: '1', name: 'n', bName: 'b', cName: 'c now in b' }] },
      },
      c: {
        sdl: 'type Query { c: U } type U @key(fields: "id") { id: ID! cName: String }',
        rows: { Query: { c: ref('U', 'id', '1') }, U: [{ id: '1', cName: 'old' }] },
      },
    },
    query: '{ a { cName aName } c { cName bName aName } }',
    data: { a: { cName: 'c now in b', aName: 'a of c now in b' }, c: { cName: 'c now in b', bName: 'b', aName: 'a of c now in b' } },
  },
  'nodes of several subgraphs behind one interface': {
    services: {
      nodes: {
        sdl: 'type Query { nodes: [Node!] } interface Node { id: ID! } type Chair implements Node @key(fields: "id", resolvable: false) { id: ID! } type Lamp implements Node @key(fields: "id", resolvable: false) { id: ID! }',
        rows: { Query: { nodes: [ref('Chair', 'id', 'c'), ref('Lamp', 'id', 'l')] } },
      },
      chairs: {
        sdl: 'interface Node { id: ID! } type Chair implements Node @key(fields: "id") { id: ID! legs: Int }',
        rows: { Chair: [{ id: 'c', legs: 4 }] },
      },
      lamps: { sdl: 'type Lamp @key(fields: "id") { id: ID! legs: String }', rows: { Lamp: [{ id: 'l', legs: 'none' }] } },
    },
    query: '{ nodes { id ... on Chair { legs } ... on Lamp { stands: legs } } }',
    data: {
      nodes: [
        { id: 'c', legs: 4 },
        { id: 'l', stands: 'none' },
      ],
    },
  },
  'one field, null in one subgraph and never in the other': {
    services: {
      a: {
        sdl: 'type Query { users: [User!]! } union User2 = Admin | User type User @key(fields: "id") { id: ID @shareable name: String } type Admin { id: ID! @shareable }',
        rows: { Query: { users: refs('User', 'id', ['1']) }, User: [{ id: '1', name: 'u' }] },
      },
      b: {
        sdl: 'type Query { accounts: [Account!]! } union Account = User | Admin type User @key(fields: "id") { id: ID! @shareable age: Int } type Admin { id: ID! @shareable photo: String }',
        rows: { Query: { accounts: [ref('User', 'id', '1'), { __typename: 'Admin', id: '2', photo: 'p' }] }, User: [{ id: '1', age: 3 }] },
      },
    },
    query: '{ users { id age } accounts { ... on User { uid: id name } ... on Admin { id photo } } }',
    data: {
      users: [{ id: '1', age: 3 }],
      accounts: [
        { uid: '1', name: 'u' },
        { id: '2', photo: 'p' },
      ],
    },
  },
  'an interface that refers to itself in a circle': {
    services: {
      a: {
        sdl: 'type Query { product: Product } interface Product { same: [Product] } type Book implements Product @key(fields: "id") { id: ID! same: [Product] @shareable }',
        rows: {
          Query: { product: ref('Book', 'id', '1') },
          Book: [
            { id: '1', same: refs('Book', 'id', ['1', '2']) },
            { id: '2', same: refs('Book', 'id', ['1']) },
          ],
        },
      },
      b: {
        sdl: 'type Book @key(fields: "id") { id: ID! price: Int }',
        rows: {
          Book: [
            { id: '1', price: 1 },
            { id: '2', price: 2 },
          ],
        },
      },
    },
    query: '{ product { same { ... on Book { id price same { ... on Book { id price same { ... on Book { id } } } } } } } }',
    data: {
      product: {
        same: [
          {
            id: '1',
            price: 1,
            same: [
              { id: '1', price: 1, same: [{ id: '1' }, { id: '2' }] },
              { id: '2', price: 2, same: [{ id: '1' }] },
            ],
          },
          { id: '2', price: 2, same: [{ id: '1', price: 1, same: [{ id: '1' }, { id: '2' }] }] },
        ],
      },
    },
  },
  '@skip and @include around what another subgraph has, and what it requires': {
    services: {
      a: {
        sdl: 'type Query { p: P } type P @key(fields: "id") { id: ID! price: Int }',
        rows: { Query: { p: ref('P', 'id', '1') }, P: [{ id: '1', price: 10 }] },
      },
      b: {
        sdl: 'type P @key(fields: "id") { id: ID! price: Int @external cheap: Boolean @requires(fields: "price") tax: Int }',
        rows: { P: [{ id: '1', tax: 2, cheap: (_: unknown, { price }: { price: number }) => price < 20 }] },
      },
    },
    query:
      'query ($yes: Boolean!, $no: Boolean!) { p { a: cheap @include(if: $yes) b: cheap @skip(if: $yes) c: tax @skip(if: $no) @include(if: $yes) d: tax @include(if: $no) } }',
    variables: { yes: true, no: false },
    data: { p: { a: true, c: 2 } },
  },
};

describe('each construct of federation, as a public suite of cases names them', () => {
  it.each(Object.entries(cases))('%s', (_, each) => expectAnswer(each));
});
