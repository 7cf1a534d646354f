import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixtureGraph, type FixtureGraph } from './fixture/graph.ts';

let graph: FixtureGraph;
beforeAll(async () => {
  graph = await fixtureGraph('memory');
});
afterAll(() => graph.close());

const times = (count: number, make: (index: number) => string, separator = ' ') =>
  Array.from({ length: count }, (_, index) => make(index)).join(separator);
const nested = (depth: number, open: string, close: string, middle = 'name') => `${open.repeat(depth)} ${middle} ${close.repeat(depth)}`;
/** Fragments of which each spreads the next twice: a few lines, and 2^count selections. */
const doubling = (count: number, last = 'name') =>
  `${times(count, (i) => `fragment f${i} on Customer { ...f${i + 1} ...f${i + 1} }`)} fragment f${count} on Customer { ${last} }`;
const deep = (depth: number): unknown => Array.from({ length: depth }).reduce<unknown>((inner) => [inner], 1);

type Hostile = readonly [
  what: string,
  body: { query?: unknown; variables?: unknown; operationName?: unknown; extensions?: unknown } | string,
  code: RegExp | string,
];

const limited = (name: string) => `BAD_REQUEST ${name}`;
const withVariables = (variables: unknown) => ({
  query: 'mutation ($input: StoreRenameInput!) { storeRename(input: $input) { name } }',
  variables,
});

const hostile: readonly Hostile[] = [
  ['depth', { query: `{ customer(id: "1") ${nested(30, '{ orders { customer', '} }', '{ name }')} }` }, limited('depth')],
  [
    'depth through fragments',
    {
      query: `{ customer(id: "1") { ...f0 } } ${times(30, (i) => `fragment f${i} on Customer { orders { customer { ...f${i + 1} } } }`)} fragment f30 on Customer { name }`,
    },
    limited('depth'),
  ],
  [
    'depth through inline fragments',
    { query: `{ customer(id: "1") { ${nested(12, '... on Customer { orders { customer {', '} } }')} } }` },
    limited('depth'),
  ],
  ['depth of introspection', { query: `{ __schema { types { ${nested(25, 'fields { type {', '} }')} } } }` }, limited('depth')],
  [
    'depth in a fragment named __schema',
    { query: `{ customer(id: "1") { ...__schema } } fragment __schema on Customer { ${nested(15, 'orders { customer {', '} }')} }` },
    limited('depth'),
  ],
  [
    'depth in a fragment that nothing uses',
    { query: `{ __typename } fragment a on Customer { ${nested(15, 'orders { customer {', '} }')} }` },
    limited('depth'),
  ],
  [
    'depth in the second operation',
    { query: `query a { __typename } query b { customer(id: "1") { ${nested(15, 'orders { customer {', '} }')} } }`, operationName: 'a' },
    limited('depth'),
  ],
  ['aliases', { query: `{ customer(id: "1") { ${times(61, (i) => `a${i}: name`)} } }` }, limited('aliases')],
  ['aliases of __typename', { query: `{ viewer { ${times(500, (i) => `a${i}: __typename`)} } }` }, limited('aliases')],
  [
    'aliases through a fragment, many times',
    { query: `{ ${times(7, (i) => `c${i}: customer(id: "1") { ...f }`)} } fragment f on Customer { ${times(9, (i) => `a${i}: name`)} }` },
    limited('aliases'),
  ],
  ['the same costly field under many aliases', { query: `{ ${times(70, (i) => `a${i}: customers { name }`)} }` }, limited('aliases')],
  [
    'attempts to log in under many aliases',
    { query: `mutation { ${times(100, (i) => `a${i}: storeRename(input: { name: "${i}" }) { name }`)} }` },
    limited('aliases'),
  ],
  ['root fields', { query: `{ ${times(31, () => 'store { name }')} }` }, limited('rootFields')],
  [
    'root fields through fragments',
    { query: `{ ...a ...a ...a ...a } fragment a on Query { ${times(8, () => 'store { name }')} }` },
    limited('rootFields'),
  ],
  ['root fields through inline fragments', { query: `{ ${times(31, () => '... { store { name } }')} }` }, limited('rootFields')],
  ['directives on a field', { query: `{ store { name ${times(61, () => '@skip(if: false)')} } }` }, limited('directives')],
  ['unknown directives', { query: `{ store { name ${times(1_000, (i) => `@a${i}`)} } }` }, limited('directives')],
  ['directives on fragments', { query: `{ store { ${times(61, () => '... @include(if: true) { name }')} } }` }, limited('directives')],
  ['directives on an operation', { query: `query a ${times(100, () => '@a')} { __typename }` }, limited('directives')],
  ['directives on a variable', { query: `query a($a: Int ${times(100, () => '@a')}) { __typename }` }, limited('directives')],
  [
    'directives on a fragment',
    { query: `{ store { ...a } } fragment a on Store ${times(100, () => '@a')} { name }` },
    limited('directives'),
  ],
  ['fragments that double', { query: `{ customer(id: "1") { ...f0 } } ${doubling(40)}` }, limited('selections')],
  ['fragments that double, unused', { query: `{ __typename } ${doubling(60)}` }, limited('selections')],
  [
    'fragments that double around a list',
    {
      query: `{ customer(id: "1") { ...f0 } } ${times(9, (i) => `fragment f${i} on Customer { orders { customer { ...f${i + 1} } } a: orders { customer { ...f${i + 1} } } b: orders { customer { ...f${i + 1} } } }`)} fragment f9 on Customer { name }`,
    },
    /BAD_REQUEST (selections|aliases|depth)/,
  ],
  ['the same field thousands of times', { query: `{ store { ${times(3_500, () => 'name')} } }` }, limited('selections')],
  ['a fragment that spreads itself', { query: '{ customer(id: "1") { ...a } } fragment a on Customer { name ...a }' }, limited('cycles')],
  [
    'fragments in a circle',
    {
      query:
        '{ customer(id: "1") { ...a } } fragment a on Customer { ...b } fragment b on Customer { orders { customer { ...c } } } fragment c on Customer { ...a }',
    },
    limited('cycles'),
  ],
  [
    'fragments in a circle that nothing uses',
    { query: '{ __typename } fragment a on Customer { ...b } fragment b on Customer { ...a }' },
    limited('cycles'),
  ],
  [
    'a fragment named __schema in a circle',
    { query: '{ customer(id: "1") { ...__schema } } fragment __schema on Customer { name ...__schema }' },
    limited('cycles'),
  ],
  ['tokens', { query: `{ ${times(4_001, () => 'a')} }` }, limited('tokens')],
  ['tokens of 900 kB', { query: `{ ${'a '.repeat(450_000)} }` }, limited('tokens')],
  ['brackets without end', { query: '{a'.repeat(200_000) }, limited('tokens')],
  ['lists without end', { query: `{ customer(id: ${'['.repeat(200_000)}` }, /BAD_REQUEST (tokens|valueDepth)/],
  ['lists within lists', { query: `{ customer(id: ${'['.repeat(40)}${']'.repeat(40)}) { name } }` }, limited('valueDepth')],
  [
    'objects within objects',
    { query: `mutation { storeRename(input: ${'{ nested: '.repeat(40)} 1 ${'}'.repeat(40)}) { name } }` },
    limited('valueDepth'),
  ],
  [
    'a default value of lists within lists',
    { query: `query ($a: Int = ${'['.repeat(40)}${']'.repeat(40)}) { __typename }` },
    limited('valueDepth'),
  ],
  ['operations', { query: times(11, (i) => `query a${i} { __typename }`), operationName: 'a0' }, limited('operations')],
  [
    'an argument list of thousands',
    { query: `mutation { storeRename(input: { name: "x", extra: [${times(5_000, String, ',')}] }) { name } }` },
    limited('tokens'),
  ],
  ['a body of 10 MB', JSON.stringify({ query: '{ __typename }', variables: { a: 'x'.repeat(10_000_000) } }), '413 BAD_REQUEST'],
  ['a comment of 10 MB', JSON.stringify({ query: `# ${'x'.repeat(10_000_000)}\n{ __typename }` }), '413 BAD_REQUEST'],
  ['a list of 100,000 as variable', withVariables({ input: { name: 'x', extra: Array(100_000).fill(1) } }), limited('variableValues')],
  [
    'an object of 50,000 keys as variable',
    withVariables(Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`k${i}`, 1]))),
    limited('variableValues'),
  ],
  ['deep lists as variable', withVariables({ input: deep(1_000) }), limited('variableDepth')],
  [
    'deep lists of 900 kB as variable',
    `{"query":"{ __typename }","variables":{"a":${'['.repeat(450_000)}${']'.repeat(450_000)}}}`,
    limited('variableDepth'),
  ],
  [
    'deep objects as variable',
    `{"query":"{ __typename }","variables":${'{"nested":'.repeat(5_000)}1${'}'.repeat(5_000)}}`,
    limited('variableDepth'),
  ],
  ['unclosed lists of 900 kB', `{"query":"{ __typename }","variables":{"a":${'['.repeat(900_000)}`, 'BAD_REQUEST'],
  ['a key that stands for the prototype', '{"query":"{ __typename }","variables":{"constructor":{"prototype":{"x":1}}}}', 'BAD_REQUEST'],
  ['a NUL in the query', { query: '{ __type\u0000name }' }, 'GRAPHQL_PARSE_FAILED'],
  ['a text without end', { query: `{ customer(id: "${'x'.repeat(900_000)}) { name } }` }, 'GRAPHQL_PARSE_FAILED'],
  ['an array of operations', JSON.stringify(Array(1_000).fill({ query: '{ __typename }' })), 'BAD_REQUEST'],
];

describe('an operation that would cost too much is refused, soon, and with a code:', () => {
  it.each(hostile)('%s', async (_what, body, expected) => {
    const calls = () => graph.accounts.seen.length + graph.customers.seen.length + graph.orders.seen.length;
    const before = calls();
    const start = process.cpuUsage();
    const answer = await fetch(`${graph.gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await answer.text();
    const spent = process.cpuUsage(start);
    const { errors } = JSON.parse(text) as { errors: { extensions: { code: string; limit?: string } }[] };
    const { code, limit } = errors[0]?.extensions ?? {};
    const shown = [...(answer.status === 413 ? ['413'] : []), code, ...(limit ? [limit] : [])].join(' ');
    if (typeof expected === 'string') expect(shown).toBe(expected);
    else expect(shown).toMatch(expected);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(errors).toHaveLength(1);
    expect(text.length).toBeLessThan(2_000);
    expect(calls()).toBe(before);
    // Includes the client's own work in this process.
    expect((spent.user + spent.system) / 1_000).toBeLessThan(500);
  });

  it('there are at least forty of these', () => expect(hostile.length).toBeGreaterThanOrEqual(40));
});

it('what front ends send stays inside the limits', async () => {
  const introspection = (await import('graphql')).getIntrospectionQuery({
    descriptions: true,
    inputValueDeprecation: true,
    directiveIsRepeatable: true,
    schemaDescription: true,
  });
  expect((await graph.ask(introspection)).body.errors).toBeUndefined();
  const wide = `query ($id: ID!) { ${times(20, (i) => `c${i}: customer(id: $id) { name orders { number customer { name } } }`)} }`;
  expect((await graph.ask(wide, { variables: { id: 'cus_1' } })).body.errors).toBeUndefined();
});

it('a thousand hostile requests leave the gateway answering', async () => {
  const bodies = hostile
    .flatMap(([, body]) => (typeof body === 'string' ? [] : [JSON.stringify(body)]))
    .filter((body) => body.length < 100_000);
  const statuses = await Promise.all(
    Array.from({ length: 1_000 }, async (_, i) => {
      const answer = await fetch(`${graph.gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: bodies[i % bodies.length] ?? '',
      });
      await answer.arrayBuffer();
      return answer.status;
    }),
  );
  expect(new Set(statuses)).toEqual(new Set([400]));
  expect((await graph.ask('{ store { name } }')).body).toEqual({ data: { store: { name: 'Demo' } } });
});
