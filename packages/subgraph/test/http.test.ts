import { createHopSigner, createHopVerifier, generateHopKeys, system } from '@storegraph/auth';
import { createLogger, newId } from '@storegraph/core';
import { serveSubgraph } from '@storegraph/subgraph';
import { identity } from '@storegraph/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { fixtureHarness } from './fixture/runtime.ts';
import { canary } from './fixture/subgraph.ts';

const lines: string[] = [];
const log = createLogger({ level: 'debug', stream: { write: (line: string) => void lines.push(line) } });
const { runtime, ask, agent, storeId, rows } = await fixtureHarness({ log });
const keys = await generateHopKeys();
const signer = createHopSigner(keys);
const server = await serveSubgraph(runtime, {
  port: 0,
  host: '127.0.0.1',
  hopVerifier: createHopVerifier({ ...keys, audience: 'orders' }),
  log,
});
afterAll(() => server.close());

const post = (path: string, body: unknown, headers: Record<string, string>) =>
  fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
const bearer = async (who = agent, audience = 'orders') => ({ authorization: `Bearer ${await signer.sign(who, audience)}` });

const other = createHopSigner(await generateHopKeys());
const strangers: [string, Record<string, string>][] = [
  ['nothing', {}],
  ['a token for another subgraph', await bearer(agent, 'customers')],
  ['a token that another signed', { authorization: `Bearer ${await other.sign(agent, 'orders')}` }],
  ['no bearer', { authorization: `Basic ${await signer.sign(agent, 'orders')}` }],
  ['identity headers', { 'x-storegraph-identity': JSON.stringify(system(storeId)), 'x-storegraph-store': storeId }],
];

describe('a stranger at the port', () => {
  const create = { query: 'mutation { noteCreate(input: { text: "x" }) { note { id } } }' };

  it.each(strangers)('with %s gets a 401 and nothing is done', async (_name, headers) => {
    for (const [path, body] of [
      ['/graphql', create],
      ['/graphql', { query: '{ _service { sdl } }' }],
      ['/internal/exchange', { kind: 'STORE', slug: 'demo' }],
    ] as const) {
      const answer = await post(path, body, headers);
      expect(answer.status).toBe(401);
      expect(await answer.json()).toEqual({ errors: [{ message: 'Only the gateway may ask.', extensions: { code: 'UNAUTHENTICATED' } }] });
    }
    expect(await rows()).toEqual([]);
  });
});

describe('over HTTP', () => {
  it.each([
    '{ open permitted platform notes { id text secret } }',
    '{ fails(how: "throw") }',
    '{ fails(how: "public") }',
    '{ nothing }',
    '{',
    '{ echo(amount: 12, moment: "2026-11-20T09:30:00+01:00") { amount moment } }',
    'mutation { noteCreate(input: { text: "" }) { note { id } userErrors { code field message } } }',
    'query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Customer { id notes { id } } } }',
  ])('and in memory the answers are equal: %s', async (query) => {
    const variables = { refs: [{ __typename: 'Customer', id: newId('cus') }] };
    const answer = await post('/graphql', { query, variables }, { ...(await bearer()), 'x-request-id': 'req-7' });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual(await ask(query, { variables, requestId: 'req-7' }));
  });

  it('what is no GraphQL request is refused', async () => {
    for (const body of [{}, { query: 1 }, [], 'x', { query: '{ open }', variables: [] }])
      expect((await post('/graphql', body, await bearer())).status).toBe(400);
    const malformed = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(await bearer()) },
      body: '{',
    });
    expect([malformed.status, await malformed.json()]).toEqual([
      400,
      { errors: [{ message: 'The request could not be handled.', extensions: { code: 'BAD_REQUEST' } }] },
    ]);
    expect((await fetch(`${server.url}/graphql`, { headers: await bearer() })).status).toBe(404);
    expect((await fetch(`${server.url}/other`)).status).toBe(404);
  });

  it('the deadline of the gateway holds', async () => {
    const startedAt = performance.now();
    const answer = await post(
      '/graphql',
      { query: '{ sleep(ms: 5000) }' },
      { ...(await bearer()), 'x-storegraph-deadline': String(Date.now() + 100) },
    );
    expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }] });
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  it('credentials are exchanged for the gateway itself alone', async () => {
    const asGateway = await bearer(system(null));
    expect(await (await post('/internal/exchange', { kind: 'STORE', slug: 'demo' }, asGateway)).json()).toEqual({
      identity: identity.anonymous(),
    });
    expect(await (await post('/internal/exchange', { kind: 'API_KEY', key: 'sk_x' }, asGateway)).json()).toEqual({ identity: null });
    expect((await post('/internal/exchange', { kind: 'OTHER' }, asGateway)).status).toBe(400);
    expect((await post('/internal/exchange', { kind: 'STORE', slug: 'demo' }, await bearer(identity.platform()))).status).toBe(403);
  });

  it('public routes take what their limit allows, and trust the gateway alone about the address', async () => {
    const hook = (size: number, headers: Record<string, string> = {}) =>
      fetch(`${server.url}/public/hook/a%20b?x=1`, { method: 'POST', headers, body: 'x'.repeat(size) });
    expect(await (await hook(1000)).json()).toEqual({ name: 'a b', size: 1000, ip: '127.0.0.1', authorization: null });
    expect((await hook(1001)).status).toBe(413);
    expect(await (await hook(1, { 'x-storegraph-client-ip': '192.0.2.1' })).json()).toMatchObject({ ip: '127.0.0.1' });
    expect(await (await hook(1, { 'x-storegraph-client-ip': '192.0.2.1', ...(await bearer()) })).json()).toMatchObject({
      ip: '192.0.2.1',
      authorization: null,
    });
    // A provider's own credential is the route's to check.
    expect(await (await hook(1, { authorization: 'Basic eA==' })).json()).toMatchObject({ authorization: 'Basic eA==' });
    expect((await fetch(`${server.url}/public/hook/x`)).status).toBe(405);
    expect((await fetch(`${server.url}/public/none`)).status).toBe(404);
    expect((await fetch(`${server.url}/public/hook/%ff`, { method: 'POST' })).status).toBe(400);
  });

  it('a public route that fails shows nothing of its error', async () => {
    const answer = await fetch(`${server.url}/public/broken`, { headers: { 'x-request-id': 'req-9' } });
    expect([answer.status, await answer.json()]).toEqual([500, { code: 'INTERNAL', requestId: 'req-9' }]);
    expect(lines.some((line) => line.includes('"requestId":"req-9"'))).toBe(true);
    expect(lines.join('')).not.toContain(canary);
  });

  it('health and metrics can be asked for by whoever runs it', async () => {
    expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
    expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
    expect(await (await fetch(`${server.url}/metrics`)).text()).toContain('storegraph_subgraph_requests_total{subgraph="orders"');
  });
});
