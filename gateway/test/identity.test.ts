import type { Identity } from '@storegraph/auth';
import { movableClock, newId } from '@storegraph/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ids, token, tokens } from './fixture/credentials.ts';
import { fixtureGraph, type FixtureGraph } from './fixture/graph.ts';

const query = '{ viewer { kind subject } }';
const bearer = (credential: string, more: Record<string, string> = {}) => ({ headers: { authorization: `Bearer ${credential}`, ...more } });
const staff: Identity = { kind: 'STAFF', storeId: ids.store, subjectId: ids.user, sessionId: ids.session, permissions: [] };

describe.each(['memory', 'http'] as const)('over %s', (mode) => {
  const clock = movableClock(new Date('2026-01-01T00:00:00Z'));
  let graph: FixtureGraph;
  beforeEach(async () => {
    graph = await fixtureGraph(mode, { clock, deadlineMs: 10_000 });
  });
  afterEach(() => graph.close());

  const viewer = async (options: { headers?: Record<string, string> }) => (await graph.ask(query, options)).body.data?.['viewer'];
  const refusal = async (options: { headers?: Record<string, string> }) => {
    const before = graph.accounts.seen.length;
    const { status, body } = await graph.ask(query, options);
    expect(body.data).toBeUndefined();
    expect(graph.accounts.seen).toHaveLength(before);
    return [status, body.errors?.[0]?.extensions['code'], body.errors?.[0]?.message];
  };

  it('without a credential the caller is anonymous and has no store', async () => {
    expect(await viewer({})).toEqual({ kind: 'ANONYMOUS', subject: null });
    expect(graph.accounts.seen[0]?.identity).toEqual({
      kind: 'ANONYMOUS',
      storeId: null,
      subjectId: null,
      sessionId: null,
      permissions: [],
    });
    expect(graph.accounts.exchanged).toEqual([]);
  });

  it('a token is exchanged by the subgraph that it names as its issuer, and by no other', async () => {
    expect(await viewer(bearer(tokens.staff))).toEqual({ kind: 'STAFF', subject: ids.user });
    expect(await viewer(bearer(tokens.customer))).toEqual({ kind: 'CUSTOMER', subject: ids.customer });
    expect(graph.accounts.exchanged).toEqual([{ kind: 'TOKEN', token: tokens.staff }]);
    expect(graph.customers.exchanged).toEqual([{ kind: 'TOKEN', token: tokens.customer }]);
  });

  it('an API key and the slug of a store are exchanged by accounts', async () => {
    expect(await viewer(bearer(tokens.key))).toEqual({ kind: 'API_KEY', subject: ids.key });
    expect(await viewer({ headers: { 'x-storegraph-store': 'demo' } })).toEqual({ kind: 'ANONYMOUS', subject: null });
    expect(graph.accounts.exchanged).toEqual([
      { kind: 'API_KEY', key: tokens.key },
      { kind: 'STORE', slug: 'demo' },
    ]);
    expect(graph.accounts.seen.at(-1)?.identity.storeId).toBe(ids.store);
  });

  it.each([
    ['a forged token', token({ iss: 'accounts', sub: 'staff' }, 'forged'), 'The access token is not valid, or its session has ended.'],
    ['a token of an unknown issuer', token({ iss: 'elsewhere' }), 'The access token is not one of ours.'],
    ['a token of a subgraph that issues none', token({ iss: 'orders' }), 'The access token is not one of ours.'],
    ['a token that names a property of every object', token({ iss: 'constructor' }), 'The access token is not one of ours.'],
    ['a token of no form', 'nonsense', 'The access token is not one of ours.'],
    ['a token of garbage', 'a.!!!.b', 'The access token is not one of ours.'],
    [
      'a token that has expired',
      token({ iss: 'accounts', sub: 'staff', exp: Date.UTC(2025, 0, 1) / 1000 }),
      'The access token has expired.',
    ],
    ['an unknown API key', 'sk_live_wrong', 'The API key is not valid, or it was revoked.'],
    [
      'a token that is too long',
      'x'.repeat(8_193),
      'The header "authorization" must be "Bearer", a space, and an access token or an API key.',
    ],
  ])('%s is refused, and nothing is executed', async (_what, credential, message) => {
    expect(await refusal(bearer(credential))).toEqual([401, 'UNAUTHENTICATED', message]);
  });

  it.each(['Basic dXNlcjpwYXNz', 'Bearer', 'Bearer a b', tokens.staff])('the authorization "%s" is refused', async (authorization) => {
    expect((await refusal({ headers: { authorization } })).slice(0, 2)).toEqual([401, 'UNAUTHENTICATED']);
  });

  it.each([
    ['customers', 'CUSTOMER', ['STAFF', 'PLATFORM', 'API_KEY', 'ANONYMOUS', 'SYSTEM']],
    ['accounts', 'STAFF', ['CUSTOMER', 'API_KEY', 'ANONYMOUS', 'SYSTEM']],
  ] as const)('%s may answer a token with kind %s, and with none of %j', async (issuer, allowed, refusedKinds) => {
    const self = graph[issuer];
    let kind: Identity['kind'] = allowed;
    const subjects = { CUSTOMER: ids.customer, STAFF: ids.user, PLATFORM: ids.user, API_KEY: ids.key, ANONYMOUS: null, SYSTEM: null };
    self.exchangeAnswer = () => Promise.resolve({ ...staff, kind, subjectId: subjects[kind] });
    expect(await viewer(bearer(token({ iss: issuer, n: allowed })))).toEqual({ kind: allowed, subject: subjects[allowed] });
    for (const other of refusedKinds) {
      kind = other;
      expect((await refusal(bearer(token({ iss: issuer, n: other })))).slice(0, 2)).toEqual([401, 'UNAUTHENTICATED']);
    }
  });

  it('the slug of a store gives nothing but an anonymous identity', async () => {
    graph.accounts.exchangeAnswer = () => Promise.resolve(staff);
    expect((await refusal({ headers: { 'x-storegraph-store': 'demo' } })).slice(0, 2)).toEqual([400, 'BAD_REQUEST']);
  });

  it('a store header must name a store, and must not disagree with the credential', async () => {
    const header = (slug: string) => ({ 'x-storegraph-store': slug });
    expect((await refusal({ headers: header('nowhere') })).slice(0, 2)).toEqual([400, 'BAD_REQUEST']);
    expect((await refusal({ headers: header('../../demo') })).slice(0, 2)).toEqual([400, 'BAD_REQUEST']);
    expect((await refusal(bearer(tokens.staff, header('other')))).slice(0, 2)).toEqual([400, 'BAD_REQUEST']);
    expect((await refusal(bearer(tokens.staff, header('nowhere')))).slice(0, 2)).toEqual([400, 'BAD_REQUEST']);
    expect((await refusal(bearer(tokens.customer, header('other')))).slice(0, 2)).toEqual([400, 'BAD_REQUEST']);
    expect(await viewer(bearer(tokens.staff, header('demo')))).toEqual({ kind: 'STAFF', subject: ids.user });
    // A forged token is not saved by a header, and the header does not stand in for it.
    expect((await refusal(bearer(token({ iss: 'accounts' }, 'forged'), header('demo')))).slice(0, 2)).toEqual([401, 'UNAUTHENTICATED']);
  });

  it('no header from outside passes for an identity', async () => {
    const forged = {
      'x-storegraph-identity': JSON.stringify({ kind: 'SYSTEM', storeId: null, subjectId: null, sessionId: null, permissions: [] }),
      'x-storegraph-kind': 'PLATFORM',
      'x-storegraph-client-ip': '10.9.8.7',
      'x-storegraph-deadline': '1',
      'x-forwarded-for': '10.9.8.7',
    };
    expect(await viewer({ headers: forged })).toEqual({ kind: 'ANONYMOUS', subject: null });
    const [seen] = graph.accounts.seen;
    expect(seen?.identity.kind).toBe('ANONYMOUS');
    expect(seen?.ip).toBe('127.0.0.1');
    expect(seen?.deadline).toBeGreaterThan(1);
  });

  it('an identity is kept for 30 seconds and no longer', async () => {
    for (let times = 0; times < 3; times += 1) await viewer(bearer(tokens.staff));
    expect(graph.accounts.exchanged).toHaveLength(1);
    clock.advance(29_999);
    await viewer(bearer(tokens.staff));
    expect(graph.accounts.exchanged).toHaveLength(1);
    clock.advance(1);
    await viewer(bearer(tokens.staff));
    expect(graph.accounts.exchanged).toHaveLength(2);
  });

  it('a credential that nobody knows is asked about again after 2 seconds', async () => {
    const unknown = bearer('sk_live_later');
    await refusal(unknown);
    await refusal(unknown);
    expect(graph.accounts.exchanged).toHaveLength(1);
    clock.advance(2_000);
    await refusal(unknown);
    expect(graph.accounts.exchanged).toHaveLength(2);
  });

  it('many requests with one new credential share one exchange', async () => {
    const answered = await Promise.all(Array.from({ length: 20 }, () => viewer(bearer(tokens.staff))));
    expect(answered).toEqual(Array(20).fill({ kind: 'STAFF', subject: ids.user }));
    expect(graph.accounts.exchanged).toHaveLength(1);
  });

  it.each([
    ['its session', { sessionId: ids.session, storeId: ids.store }],
    ['its subject', { subjectId: ids.user, storeId: ids.store }],
    ['its store', { storeId: ids.store }],
    ['what can not be read', { sessionId: 7 }],
    ['everything', {}],
  ])('an identity is forgotten when %s changes', async (_what, change) => {
    await viewer(bearer(tokens.staff));
    graph.accounts.exchangeAnswer = () => Promise.resolve(null);
    expect(await viewer(bearer(tokens.staff))).toEqual({ kind: 'STAFF', subject: ids.user });
    graph.changed(change);
    expect((await refusal(bearer(tokens.staff))).slice(0, 2)).toEqual([401, 'UNAUTHENTICATED']);
  });

  it('a key is forgotten when it is revoked, and what has not changed stays known', async () => {
    await viewer(bearer(tokens.key));
    await viewer(bearer(tokens.staff));
    graph.changed({ keyId: ids.key, storeId: ids.store });
    graph.changed({ sessionId: newId('ses'), storeId: ids.store });
    graph.changed({ subjectId: newId('usr') });
    graph.changed({ storeId: ids.otherStore });
    await viewer(bearer(tokens.staff));
    expect(graph.accounts.exchanged).toHaveLength(2);
    await viewer(bearer(tokens.key));
    expect(graph.accounts.exchanged).toHaveLength(3);
  });

  it('an exchange that was under way when its right was taken away is not kept', async () => {
    let answer: (identity: Identity) => void = () => undefined;
    const asked = new Promise<void>((resolve) => {
      graph.accounts.exchangeAnswer = () =>
        new Promise((settle) => {
          answer = settle;
          resolve();
        });
    });
    const first = viewer(bearer(tokens.staff));
    await asked;
    graph.changed({ sessionId: ids.session });
    answer(staff);
    expect(await first).toEqual({ kind: 'STAFF', subject: ids.user });
    graph.accounts.exchangeAnswer = () => Promise.resolve(null);
    expect((await refusal(bearer(tokens.staff))).slice(0, 2)).toEqual([401, 'UNAUTHENTICATED']);
  });

  it('an issuer that is down or hangs is said to be unavailable, and asked again by the next request', async () => {
    const down = [503, 'SUBGRAPH_UNAVAILABLE', 'The part of the graph that is served by "accounts" is not available at the moment.'];
    graph.accounts.exchangeAnswer = () => Promise.reject(new Error('connect ECONNREFUSED 10.0.0.7:5432'));
    expect(await refusal(bearer(tokens.staff))).toEqual(down);
    graph.accounts.exchangeAnswer = undefined;
    expect(await viewer(bearer(tokens.staff))).toEqual({ kind: 'STAFF', subject: ids.user });

    await using closing = new AsyncDisposableStack();
    const hurried = closing.adopt(await fixtureGraph(mode, { deadlineMs: 1_000 }), (running) => running.close());
    hurried.accounts.exchangeAnswer = () => new Promise(() => undefined);
    const { status, body } = await hurried.ask(query, bearer(tokens.staff));
    expect([status, body.errors?.[0]?.extensions['code'], body.errors?.[0]?.message]).toEqual(down);
    hurried.accounts.exchangeAnswer = undefined;
    expect((await hurried.ask(query, bearer(tokens.staff))).body.data?.['viewer']).toEqual({ kind: 'STAFF', subject: ids.user });
  });
});
