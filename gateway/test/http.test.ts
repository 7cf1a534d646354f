import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixtureGraph, type FixtureGraph } from './fixture/graph.ts';
import { tokens } from './fixture/credentials.ts';

const rename = 'mutation { storeRename(input: { name: "x" }) { name } }';
const json = { 'content-type': 'application/json' };

let graph: FixtureGraph;
let url: string;
beforeAll(async () => {
  graph = await fixtureGraph('memory', { corsOrigins: ['https://shop.example', 'localhost'] });
  url = `${graph.gateway.url}/graphql`;
});
afterAll(() => graph.close());

const search = (parameters: Record<string, string>) => `${url}?${new URLSearchParams(parameters).toString()}`;

describe('cross-site requests', () => {
  const form = new FormData();
  form.set('query', rename);
  const attempts: readonly [what: string, at: () => string, options: RequestInit, status: number][] = [
    ['a mutation by GET', () => search({ query: rename }), {}, 400],
    [
      'a mutation by GET, with a header that forces a preflight',
      () => search({ query: rename }),
      { headers: { 'apollo-require-preflight': '1' } },
      405,
    ],
    ['a query by GET without such a header', () => search({ query: '{ store { name } }' }), {}, 400],
    [
      'a query by GET with a content-type of a form',
      () => search({ query: '{ store { name } }' }),
      { headers: { 'content-type': 'text/plain' } },
      400,
    ],
    [
      'a query by GET with a content-type of an odd form',
      () => search({ query: '{ store { name } }' }),
      { headers: { 'content-type': 'text/plain;a=application/json' } },
      400,
    ],
    [
      'a query by GET with an unreadable content-type',
      () => search({ query: '{ store { name } }' }),
      { headers: { 'content-type': 'a/;a=b' } },
      415,
    ],
    ['text/plain', () => url, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: JSON.stringify({ query: rename }) }, 400],
    [
      'text/plain that mentions JSON',
      () => url,
      { method: 'POST', headers: { 'content-type': 'text/plain; application/json' }, body: JSON.stringify({ query: rename }) },
      400,
    ],
    [
      'a form',
      () => url,
      { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams({ query: rename }) },
      415,
    ],
    ['a form with a file', () => url, { method: 'POST', body: form }, 415],
    ['no content-type', () => url, { method: 'POST', body: new Blob([JSON.stringify({ query: rename })]) }, 415],
    [
      'a form that forces a preflight',
      () => url,
      {
        method: 'POST',
        headers: { 'content-type': 'text/plain', 'apollo-require-preflight': '1' },
        body: JSON.stringify({ query: rename }),
      },
      400,
    ],
  ];

  it.each(attempts)('%s is refused, and nothing is executed', async (_what, at, options, status) => {
    const before = graph.accounts.seen.length;
    const answer = await fetch(at(), { headers: { authorization: `Bearer ${tokens.staff}` }, ...options });
    expect(answer.status).toBe(status);
    const { errors, data } = (await answer.json()) as { errors: { extensions: { code: string } }[]; data?: unknown };
    expect(errors[0]?.extensions.code).toBe('BAD_REQUEST');
    expect(data).toBeUndefined();
    expect(graph.accounts.seen).toHaveLength(before);
  });

  it('a query by GET that no form can send is answered', async () => {
    const answer = await fetch(search({ query: 'query ($id: ID!) { customer(id: $id) { name } }', variables: '{"id":"cus_5"}' }), {
      headers: { 'apollo-require-preflight': '1' },
    });
    expect(await answer.json()).toEqual({ data: { customer: { name: 'Name cus_5' } } });
  });

  it('an array of operations is refused', async () => {
    const answer = await fetch(url, {
      method: 'POST',
      headers: json,
      body: JSON.stringify([{ query: '{ store { name } }' }, { query: rename }]),
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
  });

  it.each([
    ['https://shop.example', true],
    ['http://localhost:5173', true],
    ['http://127.0.0.1:8080', true],
    ['https://shop.example.evil.test', false],
    ['http://localhost.evil.test', false],
    ['http://localhost:5173.evil.test', false],
    ['null', false],
  ])('a page from %s may call: %s', async (origin, allowed) => {
    const asked = { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization,content-type' };
    const preflight = await fetch(url, { method: 'OPTIONS', headers: asked });
    expect(preflight.headers.get('access-control-allow-origin')).toBe(allowed ? origin : null);
    const answer = await fetch(url, { method: 'POST', headers: { ...json, origin }, body: '{"query":"{ __typename }"}' });
    expect(answer.headers.get('access-control-allow-origin')).toBe(allowed ? origin : null);
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    expect(answer.headers.get('vary')).toContain('Origin');
  });

  it('without configured origins no page may call', async () => {
    await using closing = new AsyncDisposableStack();
    const closed = closing.adopt(await fixtureGraph('memory', { corsOrigins: [] }), (other) => other.close());
    const answer = await fetch(`${closed.gateway.url}/graphql`, {
      method: 'OPTIONS',
      headers: { origin: 'http://localhost:3000', 'access-control-request-method': 'POST' },
    });
    expect(answer.status).toBe(404);
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('introspection', () => {
  const shapes = [
    '{ __schema { types { name } } }',
    '{ __type(name: "Customer") { name } }',
    '{ ...a } fragment a on Query { b: __schema { queryType { name } } }',
  ];

  it('is open to everybody where it is switched on', async () => {
    for (const query of shapes) expect((await graph.ask(query)).body.errors).toBeUndefined();
  });

  it('where it is switched off, it needs the permission schema:read, request by request', async () => {
    await using closing = new AsyncDisposableStack();
    const closed = closing.adopt(await fixtureGraph('memory', { introspection: false, graphiql: false }), (other) => other.close());
    for (const query of shapes) {
      const asked = async (headers: Record<string, string>) => {
        const { status, body } = await closed.ask(query, { headers });
        return [status, body.errors?.[0]?.extensions['code'], body.data === undefined];
      };
      expect(await asked({ authorization: `Bearer ${tokens.reader}` })).toEqual([200, undefined, false]);
      expect(await asked({})).toEqual([401, 'UNAUTHENTICATED', true]);
      expect(await asked({ authorization: `Bearer ${tokens.staff}` })).toEqual([403, 'FORBIDDEN', true]);
      expect(await asked({ authorization: `Bearer ${tokens.reader}` })).toEqual([200, undefined, false]);
    }
    expect((await closed.ask('{ __typename viewer { __typename kind } }')).body.data).toEqual({
      __typename: 'Query',
      viewer: { __typename: 'Viewer', kind: 'ANONYMOUS' },
    });
    const { body } = await closed.ask('{ custome }');
    expect(body.errors?.[0]?.message).toBe('Cannot query field "custome" on type "Query".');
    expect((await fetch(`${closed.gateway.url}/graphql`, { headers: { accept: 'text/html' } })).status).toBe(400);
    expect((await fetch(`${closed.gateway.url}/graphiql/graphiql.js`)).status).toBe(404);
  });

  it('shows nothing of the federation', async () => {
    for (const query of ['{ _service { sdl } }', '{ _entities(representations: []) { __typename } }']) {
      expect((await graph.ask(query)).body.errors?.[0]?.extensions['code']).toBe('GRAPHQL_VALIDATION_FAILED');
    }
    const { body } = await graph.ask('{ __schema { types { name } directives { name } } }');
    expect(JSON.stringify(body)).not.toMatch(/join__|_Any|_Service|subgraph/);
  });
});

describe('errors', () => {
  const failing = (code?: string) => graph.ask('query ($code: String) { failure(code: $code) store { name } }', { variables: { code } });

  it.each(['UNAUTHENTICATED', 'FORBIDDEN', 'BAD_REQUEST', 'RATE_LIMITED', 'SUBGRAPH_UNAVAILABLE'])(
    '%s of a subgraph passes with its path',
    async (code) => {
      const { body, status } = await failing(code);
      expect(status).toBe(200);
      expect(body.data).toEqual({ failure: null, store: { name: 'Demo' } });
      expect(body.errors).toMatchObject([{ path: ['failure'], extensions: { code, serviceName: 'customers' } }]);
      expect(Object.keys(body.errors?.[0]?.extensions ?? {}).sort()).toEqual(['code', 'requestId', 'serviceName']);
    },
  );

  it.each([
    undefined,
    'INTERNAL',
    'INTERNAL_SERVER_ERROR',
    'ECONNREFUSED',
    'GRAPHQL_VALIDATION_FAILED',
    'PERSISTED_QUERY_NOT_FOUND',
    'constructor',
  ])('an error with code %s is masked, and names the request', async (code) => {
    const { body, headers } = await failing(code);
    expect(body.errors).toEqual([
      {
        message: 'Something went wrong on our side.',
        path: ['failure'],
        extensions: { code: 'INTERNAL', serviceName: 'customers', requestId: headers.get('x-request-id') },
      },
    ]);
    expect(JSON.stringify(body)).not.toMatch(/ECONN|postgres|hunter2|stack|select/);
  });

  it('nothing that throws inside a subgraph is quoted', async () => {
    graph.customers.answer = () =>
      Promise.reject(
        Object.assign(new Error('password authentication failed for user "app" at http://10.0.0.7'), {
          extensions: { code: 'BAD_REQUEST' },
        }),
      );
    const { body } = await graph.ask('{ customer(id: "cus_1") { name } }');
    graph.customers.answer = undefined;
    expect(JSON.stringify(body)).not.toMatch(/password|10\.0\.0\.7|http:|stack/);
  });

  it.each([
    ['no JSON', '{"query":', 400],
    ['no object', '"x"', 400],
    ['nothing', '', 400],
    ['no query', '{"variables":{}}', 400],
    ['a query that is no text', '{"query":{"kind":"Document"}}', 400],
    ['variables that are text', '{"query":"{__typename}","variables":"{}"}', 400],
    ['a polluted prototype', '{"query":"{__typename}","variables":{"__proto__":{"x":1}}}', 400],
    ['no GraphQL', '{"query":"{ viewer {"}', 400],
    ['an unknown field', '{"query":"{ nothing }"}', 400],
    ['two operations and no name', '{"query":"query a { __typename } query b { __typename }"}', 400],
    ['an unknown operation', '{"query":"query a { __typename }","operationName":"b"}', 400],
    ['a variable of the wrong type', '{"query":"query ($a: ID!) { customer(id: $a) { id } }","variables":{"a":{}}}', 400],
    ['a missing variable', '{"query":"query ($a: ID!) { customer(id: $a) { id } }"}', 400],
  ])('a body of %s is refused with a code and the id of the request', async (_what, body, status) => {
    const answer = await fetch(url, { method: 'POST', headers: { ...json, 'x-request-id': 'request-0815' }, body });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('x-request-id')).toBe('request-0815');
    const { errors } = (await answer.json()) as { errors: { message: string; extensions: { code: string } }[] };
    expect(errors[0]?.extensions.code).toMatch(/^(BAD_REQUEST|GRAPHQL_PARSE_FAILED|GRAPHQL_VALIDATION_FAILED)$/);
    expect(JSON.stringify(errors)).not.toMatch(/stack|node_modules|\.ts/);
  });

  it.each(['/', '/nothing', '/graphql/', '/orders/graphql', '/internal/exchange', '/accounts/internal/exchange'])(
    '%s is not there',
    async (path) => {
      const answer = await fetch(`${graph.gateway.url}${path}`, { method: 'POST', headers: json, body: '{}' });
      expect(answer.status).toBe(404);
      expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
    },
  );
});

describe('every answer', () => {
  it('carries an id of the request: the caller’s when it is harmless, else a new one', async () => {
    const idOf = async (given: string) =>
      (await fetch(`${graph.gateway.url}/health/live`, { headers: { 'x-request-id': given } })).headers.get('x-request-id');
    expect(await idOf('request-4711')).toBe('request-4711');
    const made = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
    for (const bad of ['', 'short', 'x'.repeat(65), 'with space', 'a"b;c=d\\', '<script>alert(1)</script>'])
      expect(await idOf(bad)).toMatch(made);
  });

  it('carries the headers that keep browsers from guessing, framing and storing', async () => {
    for (const answer of [
      await fetch(url, { method: 'POST', headers: json, body: '{"query":"{__typename}"}' }),
      await fetch(`${graph.gateway.url}/nothing`),
    ]) {
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'cache-control': 'no-store',
      });
      expect(answer.headers.get('x-powered-by')).toBeNull();
    }
  });

  it('/metrics counts requests, errors by code, and fetches by subgraph', async () => {
    await graph.ask('{ customer(id: "cus_1") { orderCount } }');
    await graph.ask('{ nothing }');
    const answer = await fetch(`${graph.gateway.url}/metrics`);
    expect(answer.headers.get('content-type')).toContain('text/plain');
    const text = await answer.text();
    for (const line of [
      /^storegraph_gateway_request_seconds_count\{status="200"\} [1-9]/m,
      /^storegraph_gateway_request_seconds_count\{status="400"\} [1-9]/m,
      /^storegraph_gateway_errors_total\{code="GRAPHQL_VALIDATION_FAILED"\} [1-9]/m,
      /^storegraph_gateway_fetch_seconds_count\{subgraph="orders",outcome="answered"\} [1-9]/m,
      /^storegraph_gateway_fetch_seconds_count\{subgraph="customers",outcome="FAILED"\} 1$/m,
    ]) {
      expect(text).toMatch(line);
    }
  });
});
