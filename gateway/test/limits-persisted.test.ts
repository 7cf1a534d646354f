import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { readManifest } from '../src/persisted/manifest.ts';
import { fixtureGraph, type Answered, type FixtureGraph } from './fixture/graph.ts';
import { rawClient } from './subscriptions/raw.ts';

const folder = mkdtempSync(join(tmpdir(), 'persisted-'));
afterAll(() => rmSync(folder, { recursive: true }));
let graph: FixtureGraph | undefined;
afterEach(() => graph?.close());

function written(content: unknown): string {
  const file = join(folder, 'manifest.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const known = 'query Known($id: ID!) { customer(id: $id) { name } }';
const other = '{ store { name } }';
const codegen = { known };
const apollo = {
  format: 'apollo-persisted-query-manifest',
  version: 1,
  operations: [{ id: 'known', name: 'Known', type: 'query', body: known }],
};

async function post(body: unknown): Promise<Answered['body'] & { status: number }> {
  const answer = await fetch(`${graph?.gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: answer.status, ...((await answer.json()) as Answered['body']) };
}

async function get(parameters: Record<string, string>): Promise<Answered['body'] & { status: number }> {
  const answer = await fetch(`${graph?.gateway.url}/graphql?${new URLSearchParams(parameters).toString()}`, {
    headers: { 'apollo-require-preflight': '1' },
  });
  return { status: answer.status, ...((await answer.json()) as Answered['body']) };
}

/** An operation as parameters of an address. */
const inText = (asked: object): Record<string, string> =>
  Object.fromEntries(Object.entries(asked).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]));

type Said = Pick<Answered['body'], 'data' | 'errors'>;

async function overSocket(payload: object): Promise<Said> {
  const client = await rawClient(`${graph?.gateway.url.replace('http', 'ws') ?? ''}/graphql`);
  await client.init();
  client.say({ id: 'a', type: 'subscribe', payload });
  const { type, payload: said } = await client.hear();
  client.socket.close();
  return type === 'error' ? { errors: said as NonNullable<Said['errors']> } : (said as Said);
}

async function streamed(asked: object, method: 'GET' | 'POST' = 'POST'): Promise<Said> {
  const address = `${graph?.gateway.url ?? ''}/graphql/stream`;
  const headers = { accept: 'text/event-stream', 'content-type': 'application/json' };
  const sent =
    method === 'GET'
      ? fetch(`${address}?${new URLSearchParams(asked as Record<string, string>).toString()}`, { headers })
      : fetch(address, { method, headers, body: JSON.stringify(asked) });
  const [, data = '{}'] = /^data: (.*)$/m.exec(await (await sent).text()) ?? [];
  return JSON.parse(data) as Said;
}

const answer = { status: 200, data: { customer: { name: 'Name cus_1' } } };
const demo = { status: 200, data: { store: { name: 'Demo' } } };
const variables = { id: 'cus_1' };
const refusal = (status: number, code: string) => ({ status, errors: [{ extensions: { code } }] });
const persistedQuery = (text: string) => ({ persistedQuery: { version: 1, sha256Hash: sha256(text) } });

describe.each([
  ['a manifest of Apollo', apollo],
  ['documents of graphql-codegen', codegen],
])('with %s', (_, manifest) => {
  it('an operation is known by documentId or hash, by POST and GET, beside others', async () => {
    graph = await fixtureGraph('memory', { persistedOperations: { file: written(manifest), mode: 'also' } });
    expect(await post({ documentId: 'known', variables })).toEqual(answer);
    expect(await post({ extensions: { persistedQuery: { version: 1, sha256Hash: 'known' } }, variables })).toEqual(answer);
    expect(await get({ documentId: 'known', variables: JSON.stringify(variables) })).toEqual(answer);
    expect(
      await get({ extensions: '{"persistedQuery":{"version":1,"sha256Hash":"known"}}', variables: JSON.stringify(variables) }),
    ).toEqual(answer);
    expect(await post({ query: other })).toEqual(demo);
    expect(await post({ documentId: 'unknown' })).toMatchObject(refusal(200, 'PERSISTED_QUERY_NOT_FOUND'));
  });

  it('nothing else is served where only those are', async () => {
    graph = await fixtureGraph('memory', { persistedOperations: { file: written(manifest), mode: 'only' } });
    expect(await post({ documentId: 'known', variables })).toEqual(answer);
    expect(await post({ query: known, variables })).toEqual(answer);
    expect(await post({ query: other })).toMatchObject(refusal(400, 'PERSISTED_QUERY_ONLY'));
    expect(await get({ query: other })).toMatchObject(refusal(400, 'PERSISTED_QUERY_ONLY'));
    expect(await post({ query: other, documentId: 'known' })).toMatchObject(refusal(400, 'PERSISTED_QUERY_ONLY'));
    expect(await post({ query: other, extensions: persistedQuery(other) })).toMatchObject(refusal(400, 'PERSISTED_QUERY_ONLY'));
    expect(await post({ extensions: persistedQuery(other) })).toMatchObject(refusal(200, 'PERSISTED_QUERY_NOT_FOUND'));
    expect(graph.accounts.seen).toEqual([]);
  });
});

describe.each(['also', 'only'] as const)('where others are served: %s', (mode) => {
  it('an operation that is named is answered or refused alike by POST, by GET, over WebSockets and as an event stream', async () => {
    graph = await fixtureGraph('memory', { persistedOperations: { file: written({ known, other }), mode } });
    const ways = {
      post,
      get: (asked: object) => get(inText(asked)),
      overSocket,
      streamed,
      streamedByGet: (asked: object) => streamed(inText(asked), 'GET'),
    };
    const hash = (sha256Hash: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } });
    const strange = '{ viewer { kind } }';
    const asked: [asked: object, outcome: unknown][] = [
      [{ documentId: 'known', variables }, answer.data],
      [{ ...hash('known'), variables }, answer.data],
      [{ documentId: 'other', query: other }, demo.data],
      [{ documentId: 'unknown' }, 'PERSISTED_QUERY_NOT_FOUND'],
      [hash(sha256('unknown')), 'PERSISTED_QUERY_NOT_FOUND'],
      [{ query: strange }, mode === 'only' ? 'PERSISTED_QUERY_ONLY' : { viewer: { kind: 'ANONYMOUS' } }],
      [{ documentId: 'known', query: strange }, mode === 'only' ? 'PERSISTED_QUERY_ONLY' : { viewer: { kind: 'ANONYMOUS' } }],
    ];
    for (const [operation, outcome] of asked)
      for (const [way, ask] of Object.entries(ways)) {
        const { data, errors } = await ask(operation);
        expect(errors?.[0]?.extensions['code'] ?? data, `${way} ${JSON.stringify(operation)}`).toEqual(outcome);
      }
  });
});

it('the file is read again with the supergraph, and kept as it was when it can not be used', async () => {
  const file = written(codegen);
  graph = await fixtureGraph('memory', { persistedOperations: { file, mode: 'only' } });
  const { gateway, supergraphSdl } = graph;
  written('{');
  await expect(gateway.reload(supergraphSdl)).rejects.toThrow('it is not JSON');
  expect(await post({ documentId: 'known', variables })).toEqual(answer);
  written({ later: other });
  await gateway.reload(supergraphSdl);
  expect(await post({ documentId: 'later' })).toEqual(demo);
  expect(await post({ query: known, variables })).toMatchObject(refusal(400, 'PERSISTED_QUERY_ONLY'));
});

it('clients register operations by their hash, and a hash of something else is refused', async () => {
  graph = await fixtureGraph('memory');
  const extensions = persistedQuery(other);
  expect(await post({ extensions })).toMatchObject(refusal(200, 'PERSISTED_QUERY_NOT_FOUND'));
  expect(await post({ query: '{ store { id } }', extensions })).toMatchObject(refusal(400, 'BAD_REQUEST'));
  expect(await post({ extensions })).toMatchObject(refusal(200, 'PERSISTED_QUERY_NOT_FOUND'));
  expect(await post({ query: other, extensions })).toEqual(demo);
  expect(await post({ extensions })).toEqual(demo);
  expect(await get({ extensions: JSON.stringify(extensions) })).toEqual(demo);
});

it.each([
  ['is not there', undefined, 'it can not be opened'],
  ['is not JSON', '{', 'it is not JSON'],
  ['is of another form', ['query'], 'it is not a manifest'],
  ['is of another version', { ...apollo, version: 2 }, 'it is not a manifest'],
  ['has no GraphQL in it', { known: 'query {' }, 'its operation "known" can\'t be read: Syntax Error'],
  [
    'has a document without an operation',
    { known: 'fragment f on Store { id }' },
    'its operation "known" can\'t be read: it has no operation',
  ],
  [
    'has two operations by one id',
    { ...apollo, operations: [...apollo.operations, { id: 'known', body: other }] },
    'it has two operations "known"',
  ],
])('a manifest that %s ends the start with the reason', (_, content, reason) => {
  const file = content === undefined ? join(folder, 'missing.json') : written(content);
  expect(() => readManifest(file)).toThrow(reason);
});
