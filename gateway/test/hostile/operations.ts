/** A request meant to cost a gateway much more than its sender. */
export interface Hostile {
  readonly what: string;
  readonly method?: 'GET' | 'POST';
  /** Sent as JSON, or as it is when it is text. Of a GET: the parameters. */
  readonly body: Readonly<Record<string, unknown>> | readonly unknown[] | string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The code of the refusal, and after a space the limit; or that it is answered. */
  readonly expected: string;
  /** Refused only when it is run: by its variables, of which a plan knows nothing. */
  readonly planned?: boolean;
}

const times = (count: number, make: (index: number) => string, separator = ' ') =>
  Array.from({ length: count }, (_, index) => make(index)).join(separator);
const nested = (depth: number, open: string, close: string, middle = 'id') => `${open.repeat(depth)} ${middle} ${close.repeat(depth)}`;
const deep = (depth: number): unknown => Array.from({ length: depth }).reduce<unknown>((inner) => [inner], 1);
const limit = (name: string) => `BAD_REQUEST ${name}`;

/** From a customer to a customer again, over two subgraphs. */
const round = ['orders { nodes { customer {', '} } }'] as const;
const input = (fields: string) => `mutation { sessionCreate(input: { ${fields} }) { userErrors { code } } }`;
const withVariables = (variables: unknown) => ({
  query: 'mutation ($input: SessionCreateInput!) { sessionCreate(input: $input) { userErrors { code } } }',
  variables,
});
const persisted = (persistedQuery: unknown, query?: string) => ({ extensions: { persistedQuery }, ...(query !== undefined && { query }) });

const depths: readonly Hostile[] = [
  { what: 'fields within fields', body: { query: `{ customer(id: "1") { ${nested(7, ...round)} } }` }, expected: limit('depth') },
  {
    what: 'depth through fragments',
    body: {
      query: `{ customer(id: "1") { ...f0 } } ${times(8, (i) => `fragment f${i} on Customer { ${nested(1, ...round, `...f${i + 1}`)} }`)} fragment f8 on Customer { id }`,
    },
    expected: limit('depth'),
  },
  {
    what: 'depth through inline fragments',
    body: { query: `{ customer(id: "1") { ${nested(7, '... on Customer { orders { nodes { customer {', '} } } }')} } }` },
    expected: limit('depth'),
  },
  {
    what: 'inline fragments within each other',
    body: { query: `{ store { ${nested(1_200, '... {', '}')} } }` },
    expected: limit('selections'),
  },
  {
    what: 'depth in a fragment named __schema',
    body: { query: `{ customer(id: "1") { ...__schema } } fragment __schema on Customer { ${nested(7, ...round)} }` },
    expected: limit('depth'),
  },
  {
    what: 'depth in an unused fragment',
    body: { query: `{ __typename } fragment a on Customer { ${nested(7, ...round)} }` },
    expected: limit('depth'),
  },
  {
    what: 'depth in the operation that is not asked for',
    body: { query: `query a { __typename } query b { customer(id: "1") { ${nested(7, ...round)} } }`, operationName: 'a' },
    expected: limit('depth'),
  },
  { what: 'brackets without end', body: { query: '{a'.repeat(200_000) }, expected: limit('characters') },
];

const aliases: readonly Hostile[] = [
  { what: 'aliases of one field', body: { query: `{ store { ${times(61, (i) => `a${i}: id`)} } }` }, expected: limit('aliases') },
  { what: 'aliases of __typename', body: { query: `{ ${times(500, (i) => `a${i}: __typename`)} }` }, expected: limit('aliases') },
  {
    what: 'aliases of a costly field',
    body: { query: `{ ${times(70, (i) => `a${i}: customers(first: 100) { totalCount }`)} }` },
    expected: limit('aliases'),
  },
  {
    what: 'aliases in a fragment that is spread often',
    body: {
      query: `{ ${times(7, (i) => `c${i}: customer(id: "1") { ...f }`)} } fragment f on Customer { ${times(9, (i) => `a${i}: id`)} }`,
    },
    expected: limit('aliases'),
  },
  {
    what: 'log-ins under many aliases',
    body: {
      query: `mutation { ${times(11, (i) => `a${i}: sessionCreate(input: { email: "a@b.c", password: "${i}" }) { userErrors { code } }`)} }`,
    },
    expected: limit('mutations'),
  },
  {
    what: 'log-ins under many aliases, through a fragment',
    body: {
      query: `mutation { ...f ...f } fragment f on Mutation { ${times(6, (i) => `a${i}: sessionCreate(input: { email: "a@b.c", password: "${i}" }) { userErrors { code } }`)} }`,
    },
    expected: limit('mutations'),
  },
  { what: 'root fields', body: { query: `{ ${times(31, () => 'store { id }')} }` }, expected: limit('rootFields') },
  {
    what: 'root fields through fragments',
    body: { query: `{ ...a ...a ...a ...a } fragment a on Query { ${times(8, () => 'store { id }')} }` },
    expected: limit('rootFields'),
  },
  {
    what: 'root fields through inline fragments',
    body: { query: `{ ${times(31, () => '... { store { id } }')} }` },
    expected: limit('rootFields'),
  },
  {
    what: "an alias that is every prototype's",
    body: { query: '{ __proto__: __typename constructor: __typename toString: __typename }' },
    expected: 'answered',
  },
];

const fragments: readonly Hostile[] = [
  {
    what: 'fragments that double, forty times',
    body: {
      query: `{ customer(id: "1") { ...f0 } } ${times(40, (i) => `fragment f${i} on Customer { ...f${i + 1} ...f${i + 1} }`)} fragment f40 on Customer { id }`,
    },
    expected: limit('selections'),
  },
  {
    what: 'fragments that double, unused',
    body: {
      query: `{ __typename } ${times(60, (i) => `fragment f${i} on Customer { ...f${i + 1} ...f${i + 1} }`)} fragment f60 on Customer { id }`,
    },
    expected: limit('selections'),
  },
  {
    what: 'fragments that triple around lists',
    body: {
      query: `{ customer(id: "1") { ...f0 } } ${times(6, (i) => `fragment f${i} on Customer { ${times(3, () => nested(1, ...round, `...f${i + 1}`))} }`)} fragment f6 on Customer { id }`,
    },
    expected: limit('selections'),
  },
  {
    what: 'a fragment that spreads itself',
    body: { query: '{ store { ...a } } fragment a on Store { id ...a }' },
    expected: limit('cycles'),
  },
  {
    what: 'fragments in a circle',
    body: {
      query: `{ customer(id: "1") { ...a } } fragment a on Customer { ...b } fragment b on Customer { ${nested(1, ...round, '...c')} } fragment c on Customer { ...a }`,
    },
    expected: limit('cycles'),
  },
  {
    what: 'unused fragments in a circle',
    body: { query: '{ __typename } fragment a on Store { ...b } fragment b on Store { ...a }' },
    expected: limit('cycles'),
  },
  {
    what: 'a circle of four hundred fragments',
    body: { query: `{ store { ...f0 } } ${times(400, (i) => `fragment f${i} on Store { ...f${(i + 1) % 400} }`)}` },
    expected: limit('fragments'),
  },
  {
    what: 'five hundred unused fragments',
    body: { query: `{ __typename } ${times(500, (i) => `fragment f${i} on Store { id }`)}` },
    expected: limit('fragments'),
  },
  {
    what: 'five hundred fragments of one name',
    body: { query: `{ store { ...f } } ${times(500, () => 'fragment f on Store { id }')}` },
    expected: limit('fragments'),
  },
  {
    what: 'two hundred unused fragments',
    body: { query: `{ __typename } ${times(200, (i) => `fragment f${i} on Store { id }`)}` },
    expected: 'GRAPHQL_VALIDATION_FAILED',
  },
  {
    what: 'fragments in a circle of two hundred',
    body: { query: `{ store { ...f0 } } ${times(200, (i) => `fragment f${i} on Store { ...f${(i + 1) % 200} }`)}` },
    expected: limit('cycles'),
  },
  {
    what: 'spreads of fragments that are not there',
    body: { query: `{ store { ${times(900, (i) => `...f${i}`)} } }` },
    expected: limit('overlaps'),
  },
  {
    what: 'type conditions on types that are not there',
    body: { query: `{ store { ${times(600, (i) => `... on T${i} { id }`)} } }` },
    expected: limit('selections'),
  },
  {
    what: 'type conditions that can not hold',
    body: { query: `{ store { ${times(480, () => `... on Customer { id }`)} } }` },
    expected: limit('overlaps'),
  },
  {
    what: 'type conditions within type conditions',
    body: { query: `{ customer(id: "1") { ${nested(400, '... on Customer {', '}')} } }` },
    expected: 'answered',
  },
  {
    what: 'many conditions on an interface',
    body: {
      query: `mutation { sessionCreate(input: { email: "a@b.c", password: "x" }) { userErrors { ${times(240, () => '... on UserError { message }')} } } }`,
    },
    expected: limit('overlaps'),
  },
];

const merges: readonly Hostile[] = [
  { what: 'one field a thousand times', body: { query: `{ store { ${times(1_000, () => 'id')} } }` }, expected: limit('selections') },
  { what: 'one field as often as it may be', body: { query: `{ store { ${times(990, () => 'id')} } }` }, expected: limit('overlaps') },
  {
    what: 'one field with fields as often as it may be',
    body: { query: `{ customer(id: "1") { ${times(330, () => 'addresses { id city }')} } }` },
    expected: limit('overlaps'),
  },
  { what: 'as many equal fields as may be', body: { query: `{ store { ${times(200, () => 'id')} } }` }, expected: 'answered' },
  {
    what: 'one field with long arguments, often',
    body: { query: `{ ${times(29, () => `customers(query: "${'x'.repeat(1_900)}") { totalCount }`)} }` },
    expected: 'answered',
  },
  {
    what: 'fragments that overlap each other',
    body: { query: `{ store { ${times(200, (i) => `...f${i}`)} } } ${times(200, (i) => `fragment f${i} on Store { id name slug }`)}` },
    expected: limit('overlaps'),
  },
  {
    what: 'fields that conflict with each other',
    body: { query: `{ ${times(29, (i) => `customer(id: "${i}") { ${times(30, () => 'id')} }`)} }` },
    expected: limit('overlaps'),
  },
  {
    what: 'pairs of fields within pairs of fields',
    body: {
      query: `{ customer(id: "1") { ${nested(5, 'orders(first: 2) { nodes { id customer { id } } } orders(first: 2) { nodes { customer {', '} } }')} } }`,
    },
    expected: 'answered',
  },
];

const directives: readonly Hostile[] = [
  {
    what: 'directives on a field',
    body: { query: `{ store { id ${times(61, () => '@skip(if: false)')} } }` },
    expected: limit('directives'),
  },
  { what: 'unknown directives', body: { query: `{ store { id ${times(1_000, (i) => `@a${i}`)} } }` }, expected: limit('directives') },
  {
    what: 'directives on fragments',
    body: { query: `{ store { ${times(61, () => '... @include(if: true) { id }')} } }` },
    expected: limit('directives'),
  },
  {
    what: 'directives on an operation',
    body: { query: `query a ${times(100, () => '@a')} { __typename }` },
    expected: limit('directives'),
  },
  {
    what: 'directives on a variable',
    body: { query: `query a($a: Int ${times(100, () => '@a')}) { __typename }` },
    expected: limit('directives'),
  },
  {
    what: 'directives on a fragment',
    body: { query: `{ store { ...a } } fragment a on Store ${times(100, () => '@a')} { id }` },
    expected: limit('directives'),
  },
  {
    what: 'deferral within deferral',
    body: { query: `{ store { ${nested(30, '... @defer {', '}')} } }` },
    expected: 'GRAPHQL_VALIDATION_FAILED',
  },
];

const sizes: readonly Hostile[] = [
  { what: 'tokens', body: { query: `{ ${times(4_001, () => 'a')} }` }, expected: limit('tokens') },
  { what: 'tokens of 900 kB', body: { query: `{ ${'a '.repeat(450_000)} }` }, expected: limit('characters') },
  {
    what: 'a block string of 29,000 lines',
    body: { query: `{ customer(id: """${'x\n'.repeat(29_000)}""") { id } }` },
    expected: 'answered',
  },
  {
    what: 'a number of 59,000 digits',
    body: { query: `{ customerByNumber(number: ${'9'.repeat(59_000)}) { id } }` },
    expected: 'GRAPHQL_VALIDATION_FAILED',
  },
  { what: 'a name of 59,000 letters', body: { query: `{ ${'x'.repeat(59_000)} }` }, expected: 'GRAPHQL_VALIDATION_FAILED' },
  { what: 'a text without end', body: { query: `{ customer(id: "${'x'.repeat(59_000)}) { id } }` }, expected: 'GRAPHQL_PARSE_FAILED' },
  { what: '29,000 brackets', body: { query: '{a'.repeat(29_000) }, expected: limit('tokens') },
  { what: '59,000 lists in a list', body: { query: `{ customer(id: ${'['.repeat(59_000)}` }, expected: limit('tokens') },
  { what: 'commas of 900 kB', body: { query: `{ __typename ${','.repeat(900_000)} }` }, expected: limit('characters') },
  { what: 'a comment of 900 kB', body: { query: `# ${'x'.repeat(900_000)}\n{ __typename }` }, expected: limit('characters') },
  { what: '100,000 comments', body: { query: `${'#x\n'.repeat(100_000)}{ __typename }` }, expected: limit('characters') },
  {
    what: 'a text of 900 kB without end',
    body: { query: `{ customer(id: "${'x'.repeat(900_000)}) { id } }` },
    expected: limit('characters'),
  },
  {
    what: 'a number of 900,000 digits',
    body: { query: `{ customerByNumber(number: ${'9'.repeat(900_000)}) { id } }` },
    expected: limit('characters'),
  },
  { what: 'a name of 900 kB', body: { query: `{ ${'x'.repeat(900_000)} }` }, expected: limit('characters') },
  {
    what: 'a block string of 300,000 lines',
    body: { query: `{ customer(id: """${'x\n'.repeat(300_000)}""") { id } }` },
    expected: limit('characters'),
  },
  {
    what: 'unknown fields with names like known ones',
    body: { query: `{ ${times(29, (i) => `customerBySomeNumbr${i}`)} }` },
    expected: 'GRAPHQL_VALIDATION_FAILED',
  },
  {
    what: 'nine hundred unknown fields',
    body: { query: `{ store { ${times(900, (i) => `customerDomainNam${i}`)} } }` },
    expected: 'GRAPHQL_VALIDATION_FAILED',
  },
  {
    what: 'a hundred variables of unknown types',
    body: { query: `query (${times(100, (i) => `$a${i}: CustomerUpdateInpud${i}`)}) { __typename }` },
    expected: 'GRAPHQL_VALIDATION_FAILED',
  },
  {
    what: 'variables',
    body: { query: `query (${times(101, (i) => `$a${i}: Int`)}) { __typename }` },
    expected: limit('variableDefinitions'),
  },
  {
    what: 'operations',
    body: { query: times(11, (i) => `query a${i} { __typename }`), operationName: 'a0' },
    expected: limit('operations'),
  },
  {
    what: 'a thousand operations',
    body: { query: times(1_000, (i) => `query a${i} { id }`), operationName: 'a0' },
    expected: limit('tokens'),
  },
];

const values: readonly Hostile[] = [
  {
    what: 'lists within lists',
    body: { query: `{ customer(id: ${'['.repeat(40)}${']'.repeat(40)}) { id } }` },
    expected: limit('valueDepth'),
  },
  { what: 'lists without end', body: { query: `{ customer(id: ${'['.repeat(200_000)}` }, expected: limit('characters') },
  {
    what: 'objects within objects',
    body: { query: input(`${'email: {'.repeat(40)} email: 1 ${'}'.repeat(40)}`) },
    expected: limit('valueDepth'),
  },
  {
    what: 'lists within a default value',
    body: { query: `query ($a: Int = ${'['.repeat(40)}${']'.repeat(40)}) { __typename }` },
    expected: limit('valueDepth'),
  },
  {
    what: 'a list of 1,500',
    body: { query: `{ members(statuses: [${times(1_500, () => 'ACTIVE')}]) { totalCount } }` },
    expected: limit('items'),
  },
  {
    what: 'a list of 1,500 as a variable',
    body: { query: 'query ($a: [MemberStatus!]) { members(statuses: $a) { totalCount } }', variables: { a: Array(1_500).fill('ACTIVE') } },
    expected: limit('items'),
  },
  {
    what: 'a list of a million as a variable',
    body: `{"query":"{ __typename }","variables":{"a":[${'1,'.repeat(450_000)}1]}}`,
    expected: limit('variableValues'),
  },
  {
    what: 'lists that are many together',
    body: withVariables({ input: Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`k${i}`, Array(900).fill(1)])) }),
    expected: limit('variableValues'),
  },
  {
    what: 'an object of 50,000 keys',
    body: withVariables(Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`k${i}`, 1]))),
    expected: limit('variableValues'),
  },
  {
    what: 'an object of a thousand unknown keys',
    body: withVariables({ input: Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`emial${i}`, 1])) }),
    expected: 'BAD_REQUEST',
    planned: true,
  },
  {
    what: 'a thousand wrong items',
    body: { query: 'query ($a: [MemberStatus!]) { members(statuses: $a) { totalCount } }', variables: { a: Array(1_000).fill('ACTIF') } },
    expected: 'BAD_REQUEST',
    planned: true,
  },
  {
    what: 'a thousand literals that are wrong',
    body: { query: `{ members(statuses: [${times(1_000, (i) => `ACTIV${i}`)}]) { totalCount } }` },
    expected: 'GRAPHQL_VALIDATION_FAILED',
  },
  { what: 'deep lists', body: withVariables({ input: deep(1_000) }), expected: limit('variableDepth') },
  {
    what: 'deep lists of 900 kB',
    body: `{"query":"{ __typename }","variables":{"a":${'['.repeat(450_000)}${']'.repeat(450_000)}}}`,
    expected: limit('variableDepth'),
  },
  {
    what: 'deep objects',
    body: `{"query":"{ __typename }","variables":${'{"nested":'.repeat(5_000)}1${'}'.repeat(5_000)}}`,
    expected: limit('variableDepth'),
  },
  {
    what: 'lists that are not closed',
    body: `{"query":"{ __typename }","variables":{"a":${'['.repeat(900_000)}`,
    expected: limit('variableDepth'),
  },
  {
    what: 'text that looks like lists',
    body: { query: '{ __typename }', variables: { a: `${'['.repeat(50_000)}\\"${'{'.repeat(50_000)}` } },
    expected: 'answered',
  },
  { what: 'the prototype as a key', body: '{"query":"{ __typename }","variables":{"__proto__":{"x":1}}}', expected: 'BAD_REQUEST' },
  {
    what: "the constructor's prototype as a key",
    body: '{"query":"{ __typename }","variables":{"constructor":{"prototype":{"x":1}}}}',
    expected: 'BAD_REQUEST',
  },
  {
    what: 'pages beyond any number',
    body: { query: '{ customers(first: 2147483647) { nodes { orders(first: 2147483647) { nodes { id } } } } }' },
    expected: 'MAX_COST_EXCEEDED',
  },
  {
    what: 'a page of infinity',
    body: '{"query":"query ($n: Int) { customers(first: $n) { nodes { id } } }","variables":{"n":1e999}}',
    expected: 'MAX_COST_EXCEEDED',
  },
  {
    what: 'pages within pages',
    body: {
      query: '{ customers(first: 100) { nodes { orders(first: 100) { nodes { id customer { orders(first: 100) { totalCount } } } } } } }',
    },
    expected: 'MAX_COST_EXCEEDED',
  },
];

const introspections: readonly Hostile[] = [
  {
    what: 'introspection in depth',
    body: { query: `{ __schema { types { ${nested(12, 'fields { type {', '} }', 'name')} } } }` },
    expected: limit('depth'),
  },
  {
    what: 'introspection round and round',
    body: { query: `{ __schema { types { ${nested(6, 'fields { type {', '} }', 'name')} } } }` },
    expected: limit('introspection'),
  },
  {
    what: 'introspection under aliases',
    body: { query: `{ __schema { ${times(59, (i) => `a${i}: types { fields { name args { name } } }`)} } }` },
    expected: limit('introspection'),
  },
  {
    what: 'introspection through a fragment',
    body: {
      query: `{ __schema { types { ...T } } } fragment T on __Type { fields { type { fields { type { fields { type { possibleTypes { fields { name } } } } } } } } }`,
    },
    expected: limit('introspection'),
  },
];

const forms: readonly Hostile[] = [
  { what: 'an array of operations', body: Array<unknown>(1_000).fill({ query: '{ __typename }' }), expected: 'BAD_REQUEST' },
  { what: 'an empty array', body: [], expected: 'BAD_REQUEST' },
  { what: 'a query that is a list', body: { query: ['{ __typename }'] }, expected: 'BAD_REQUEST' },
  { what: 'a query that is an object', body: { query: { toString: 1 } }, expected: 'BAD_REQUEST' },
  { what: 'variables that are text', body: { query: '{ __typename }', variables: '[[[[' }, expected: 'BAD_REQUEST' },
  { what: 'a body that is text', body: '"{ __typename }"', expected: 'BAD_REQUEST' },
  { what: 'a body that is no JSON', body: '{query:1}', expected: 'BAD_REQUEST' },
  {
    what: 'a form',
    body: 'query={__typename}',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    expected: '415 BAD_REQUEST',
  },
  { what: 'plain text', body: '{"query":"{ __typename }"}', headers: { 'content-type': 'text/plain' }, expected: 'BAD_REQUEST' },
  {
    what: 'a multipart body',
    body: '--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n{}\r\n--x--',
    headers: { 'content-type': 'multipart/form-data; boundary=x' },
    expected: '415 BAD_REQUEST',
  },
  {
    what: 'a content type that is not sound',
    body: '{"query":"{ __typename }"}',
    headers: { 'content-type': `application/json; charset=${'x'.repeat(5_000)}` },
    expected: 'answered',
  },
  {
    what: 'a mutation by GET',
    method: 'GET',
    body: { query: input('email: "a@b.c", password: "x"') },
    headers: { 'apollo-require-preflight': '1' },
    expected: '405 BAD_REQUEST',
  },
  { what: 'a GET from another page', method: 'GET', body: { query: '{ __typename }' }, expected: 'BAD_REQUEST' },
  {
    what: 'variables in the address that are no JSON',
    method: 'GET',
    body: { query: '{ __typename }', variables: '{'.repeat(5_000) },
    headers: { 'apollo-require-preflight': '1' },
    expected: 'BAD_REQUEST',
  },
  {
    what: 'depth in the address',
    method: 'GET',
    body: { query: `{ customer(id: "1") { ${nested(7, ...round)} } }` },
    headers: { 'apollo-require-preflight': '1' },
    expected: limit('depth'),
  },
  { what: 'an operation that is not there', body: { query: 'query a { __typename }', operationName: 'b' }, expected: 'BAD_REQUEST' },
  { what: 'a subscription', body: { query: 'subscription { orderEvents { __typename } }' }, expected: 'BAD_REQUEST' },
  {
    what: 'a hash that nobody knows',
    body: persisted({ version: 1, sha256Hash: 'f'.repeat(64) }),
    expected: '200 PERSISTED_QUERY_NOT_FOUND',
  },
  {
    what: 'a hash of something else',
    body: persisted({ version: 1, sha256Hash: 'f'.repeat(64) }, '{ __typename }'),
    expected: 'BAD_REQUEST',
  },
  { what: 'a hash of 900 kB', body: persisted({ version: 1, sha256Hash: 'f'.repeat(900_000) }), expected: 'BAD_REQUEST' },
  { what: 'a hash of another version', body: persisted({ version: 2, sha256Hash: 'f'.repeat(64) }), expected: 'BAD_REQUEST' },
  { what: 'a hash that is an object', body: persisted({ version: 1, sha256Hash: { $ne: null } }), expected: 'BAD_REQUEST' },
  {
    what: 'a hash that is the prototype',
    body: '{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"__proto__"}}}',
    expected: 'BAD_REQUEST',
  },
  { what: 'an id that nobody knows', body: { documentId: 'constructor' }, expected: '200 PERSISTED_QUERY_NOT_FOUND' },
];

const characters: readonly Hostile[] = [
  { what: 'a NUL in the query', body: { query: '{ __type\u0000name }' }, expected: 'GRAPHQL_PARSE_FAILED' },
  { what: 'a NUL in a text', body: { query: '{ customer(id: "\\u0000") { id } }' }, expected: 'answered' },
  { what: 'half a surrogate pair', body: { query: '{ customer(id: "\ud800") { id } }' }, expected: 'GRAPHQL_PARSE_FAILED' },
  {
    what: 'an escaped half of a surrogate pair',
    body: { query: String.raw`{ customer(id: "\uD800") { id } }` },
    expected: 'GRAPHQL_PARSE_FAILED',
  },
  {
    what: 'a code point beyond Unicode',
    body: { query: String.raw`{ customer(id: "\u{110000}") { id } }` },
    expected: 'GRAPHQL_PARSE_FAILED',
  },
  { what: 'a name in look-alike letters', body: { query: '{ ѕtore { id } }' }, expected: 'GRAPHQL_PARSE_FAILED' },
  { what: 'a right-to-left mark in a name', body: { query: '{ sto\u202ere { id } }' }, expected: 'GRAPHQL_PARSE_FAILED' },
  { what: 'byte order marks', body: { query: `${'\uFEFF'.repeat(100_000)}{ __typename }` }, expected: limit('characters') },
  { what: 'nothing', body: { query: '' }, expected: 'BAD_REQUEST' },
  { what: 'blanks', body: { query: ' '.repeat(900_000) }, expected: limit('characters') },
];

export const hostileOperations: readonly Hostile[] = [
  ...depths,
  ...aliases,
  ...fragments,
  ...merges,
  ...directives,
  ...sizes,
  ...values,
  ...introspections,
  ...forms,
  ...characters,
];
