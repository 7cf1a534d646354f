import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokens } from './fixture/credentials.ts';
import { fixtureGraph, type FixtureGraph } from './fixture/graph.ts';

interface Echo {
  readonly name: string;
  readonly method: string;
  readonly pathname: string;
  readonly search: string;
  readonly headers: Record<string, string>;
  readonly caller: { requestId: string; ip: string | null };
  readonly body: string;
}

/** Sends a request line as it is: `fetch` would tidy the path up first. */
function raw(port: number, path: string, method = 'POST'): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(`${method} ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`),
    );
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('error', reject);
    socket.on('close', () => resolve({ status: Number(text.split(' ')[1]), text }));
  });
}

describe.each(['memory', 'http'] as const)('over %s', (mode) => {
  let graph: FixtureGraph;
  beforeAll(async () => {
    graph = await fixtureGraph(mode, { limits: { publicBodyBytes: 1_000_000 } });
  });
  afterAll(() => graph.close());

  const call = async (path: string, options: RequestInit = {}) => {
    const answer = await fetch(`${graph.gateway.url}${path}`, options);
    return { answer, echo: (await answer.json()) as Echo };
  };

  it('passes method, path, query, body and headers on, and the answer back', async () => {
    const { answer, echo } = await call('/orders/public/hooks/stripe?x=1&y=%2F', {
      method: 'POST',
      headers: { 'content-type': 'application/vnd.stripe+json', 'stripe-signature': 't=1,v1=abc', 'x-request-id': 'request-4711' },
      body: '{"a": 1}',
    });
    expect(answer.status).toBe(202);
    expect(answer.headers.get('x-of')).toBe('orders');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(echo).toMatchObject({
      name: 'orders',
      method: 'POST',
      pathname: '/public/hooks/stripe',
      search: '?x=1&y=%2F',
      body: '{"a": 1}',
    });
    expect(echo.headers).toMatchObject({ 'content-type': 'application/vnd.stripe+json', 'stripe-signature': 't=1,v1=abc' });
    expect(echo.caller).toEqual({ requestId: 'request-4711', ip: '127.0.0.1' });
  });

  it.each(['GET', 'PUT', 'PATCH', 'DELETE'])('passes %s on', async (method) => {
    const { echo } = await call('/accounts/public/a.b-c_d~e', { method, ...(method !== 'GET' && { body: 'text' }) });
    expect(echo).toMatchObject({ name: 'accounts', method, pathname: '/public/a.b-c_d~e', body: method === 'GET' ? '' : 'text' });
  });

  it('nothing that says who the caller is goes along', async () => {
    const { echo } = await call('/orders/public/a', {
      headers: {
        authorization: `Bearer ${tokens.staff}`,
        cookie: 'session=1',
        'x-storegraph-store': 'demo',
        'x-storegraph-client-ip': '10.9.8.7',
        'x-storegraph-identity': '{}',
        'x-forwarded-for': '10.9.8.7',
        forwarded: 'for=10.9.8.7',
        'x-real-ip': '10.9.8.7',
      },
    });
    expect(
      Object.keys(echo.headers).filter((name) => /authorization|cookie|x-storegraph-store|identity|forwarded|real-ip/.test(name)),
    ).toEqual([]);
    expect(JSON.stringify(echo)).not.toMatch(/10\.9\.8\.7|eyJ/);
    expect(graph.accounts.exchanged).toEqual([]);
  });

  it('a body of 900 kB passes, one that is too large does not', async () => {
    const { echo } = await call('/orders/public/upload', {
      method: 'POST',
      headers: { 'content-type': 'image/png' },
      body: 'x'.repeat(900_000),
    });
    expect(echo.body).toHaveLength(900_000);
    const refused = async (body: BodyInit) => {
      const answer = await fetch(`${graph.gateway.url}/orders/public/upload`, {
        method: 'POST',
        headers: { 'content-type': 'image/png' },
        body,
        duplex: 'half',
      } as RequestInit);
      expect(answer.status).toBe(413);
      expect(await answer.json()).toMatchObject({ errors: [{ message: 'The body is too large.', extensions: { code: 'BAD_REQUEST' } }] });
    };
    await refused('x'.repeat(1_000_001));
    await refused(new Blob(['x'.repeat(600_000), 'x'.repeat(600_000)]).stream());
  });

  it.each([
    '/orders/graphql',
    '/orders/internal/exchange',
    '/orders/health/ready',
    '/orders/metrics',
    '/orders/public',
    '/orders/public/',
    '/orders/publicity/a',
    '/nobody/public/a',
    '/constructor/public/a',
    '/__proto__/public/a',
    '/orders/public/../graphql',
    '/orders/public/./a',
    '/orders/public/a/../../graphql',
    '/orders/public/..',
    '/orders/public/../public/a',
    '/orders/x/../public/a',
    '/orders/public/%2e%2e/graphql',
    '/orders/public/%2E%2E/graphql',
    '/orders/public/.%2e/graphql',
    '/orders/public/%252e%252e/graphql',
    '/orders/public/..%2fgraphql',
    '/orders/public/..%5cgraphql',
    '/orders/public/..\\graphql',
    '/orders/public/a%2f..%2f..%2fgraphql',
    '/orders/public/a%00',
    '/orders/public/..;/graphql',
    '/orders/public//graphql',
    '/orders//public/a',
    '//orders/public/a',
    '/orders/%70ublic/a',
    '/orders/public/%',
    '/orders/public/%zz',
    '/orders/public/a#/../graphql',
    '/orders/public/@evil.test/..',
    '/ORDERS/public/a',
    '/orders%2fpublic/a',
    'http://evil.test/orders/public/a',
  ])('%s is not there', async (path) => {
    const { status, text } = await raw(graph.gateway.port, path);
    expect([400, 404]).toContain(status);
    expect(text).not.toContain('x-of');
    expect(text).not.toMatch(/"pathname"|node_modules/);
  });

  it('what stands after a question mark can not escape either', async () => {
    const { text } = await raw(graph.gateway.port, '/orders/public/a?/../../graphql');
    expect(text).toContain('"pathname":"/public/a"');
  });
});

it('a subgraph that is down is said to be so, without saying where it is', async () => {
  await using closing = new AsyncDisposableStack();
  const graph = closing.adopt(await fixtureGraph('http'), (running) => running.close());
  await graph.servers['orders']?.kill();
  const answer = await fetch(`${graph.gateway.url}/orders/public/a`);
  expect(answer.status).toBe(503);
  const text = await answer.text();
  expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }] });
  expect(text).not.toMatch(/127\.0\.0\.1|ECONN/);
});
