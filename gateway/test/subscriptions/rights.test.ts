import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Identity } from '@storegraph/auth';
import { newId } from '@storegraph/core';
import { ids, token } from '../fixture/credentials.ts';
import { liveGraph, type LiveGraph } from './live-graph.ts';
import { rawClient, type RawClient } from './raw.ts';

/** A busy machine takes its time. */
const patiently = { timeout: 20_000 };

const staff: Identity = { kind: 'STAFF', storeId: ids.store, subjectId: ids.user, sessionId: ids.session, permissions: ['orders:read'] };

let graph: LiveGraph;
/** What accounts makes of a token now. */
let known: (subject: string) => Identity | null;
beforeEach(async () => {
  graph = await liveGraph();
  known = (subject) => (subject === 'staff' ? staff : subject === 'other' ? { ...staff, subjectId: newId('usr') } : null);
  graph.accounts.exchangeAnswer = (credential) => {
    const claims = credential.kind === 'TOKEN' ? credential.token.split('.')[1] : undefined;
    const { sub } = JSON.parse(Buffer.from(claims ?? 'e30', 'base64url').toString()) as { sub?: string };
    return Promise.resolve(known(sub ?? ''));
  };
});
afterEach(() => graph.close());

const lasting = (seconds: number, sub = 'staff') => ({
  authorization: `Bearer ${token({ iss: 'accounts', sub, exp: Math.floor(graph.clock.now().getTime() / 1_000) + seconds })}`,
});
async function following(credentials: object): Promise<RawClient> {
  const client = await rawClient(graph.socketUrl);
  expect(await client.init(credentials)).toEqual({ type: 'connection_ack' });
  client.subscribe('a', 'subscription { ticks { number } }');
  await graph.feed.followed(graph.feed.following() + 1);
  return client;
}
const event = async (client: RawClient) => {
  graph.feed.add();
  return (await client.hear()).payload;
};
const tick = () => ({ data: { ticks: { number: graph.feed.last } } });

describe('a credential', () => {
  it('that expires ends the socket with 4403, and with it what was subscribed to', async () => {
    const client = await following(lasting(60));
    graph.clock.advance(58_000);
    expect(await event(client)).toEqual(tick());
    graph.clock.advance(2_000);
    expect(await client.closed).toBe(4403);
    await graph.feed.followed(0);
  });

  it('in a ping takes the place of the one before it, and is not echoed', async () => {
    const client = await following(lasting(60));
    client.say({ type: 'ping', payload: lasting(3_600) });
    expect(await client.hear()).toEqual({ type: 'pong' });
    graph.clock.advance(100_000);
    // Long enough for the old one to have ended it: the gateway has looked, and asked anew who it is.
    const asked = graph.accounts.exchanged.length;
    await expect.poll(() => graph.accounts.exchanged.length, patiently).toBeGreaterThan(asked);
    expect(await event(client)).toEqual(tick());
    graph.clock.advance(3_600_000);
    expect(await client.closed).toBe(4403);
  });

  it('in a ping is not displaced by what the one before it gives later', async () => {
    const old = lasting(60);
    const client = await following(old);
    const { exchangeAnswer } = graph.accounts;
    const late = Promise.withResolvers<Identity | null>();
    graph.accounts.exchangeAnswer = () => late.promise;
    const asked = graph.accounts.exchanged.length;
    graph.changed({ subjectId: ids.user });
    await expect.poll(() => graph.accounts.exchanged.length, patiently).toBe(asked + 1);
    graph.accounts.exchangeAnswer = exchangeAnswer;
    client.say({ type: 'ping', payload: lasting(3_600) });
    client.say({ type: 'ping' });
    expect(await client.hear()).toEqual({ type: 'pong' });
    late.resolve(staff);
    expect(await client.hear()).toEqual({ type: 'pong' });
    graph.clock.advance(100_000);
    const after = graph.accounts.exchanged.length;
    await expect.poll(() => graph.accounts.exchanged.length, patiently).toBeGreaterThan(after);
    expect(await event(client)).toEqual(tick());
  });

  it('that nobody answers for is believed for no longer than 30 seconds, however long whoever is asked takes', async () => {
    const client = await following(lasting(3_600));
    graph.accounts.exchangeAnswer = () => new Promise(() => undefined);
    graph.clock.advance(26_000);
    const asked = graph.accounts.exchanged.length;
    await expect.poll(() => graph.accounts.exchanged.length, patiently).toBeGreaterThan(asked);
    expect(await event(client)).toEqual(tick());
    graph.clock.advance(5_000);
    expect(await client.closed).toBe(1013);
  });

  it.each([
    ['of somebody else', 4403, () => lasting(3_600, 'other')],
    ['that is not good', 4403, () => lasting(3_600, 'nobody')],
    ['that has expired', 4403, () => lasting(-1)],
  ])('%s in a ping ends the socket with %i', async (_what, code, credentials) => {
    const client = await following(lasting(60));
    client.say({ type: 'ping', payload: credentials() });
    expect(await client.closed).toBe(code);
    await graph.feed.followed(0);
  });

  it('in a ping before connection_init says nothing', async () => {
    const client = await rawClient(graph.socketUrl);
    client.say({ type: 'ping', payload: lasting(60) });
    expect(await client.hear()).toEqual({ type: 'pong' });
    client.subscribe('a', '{ viewer { kind } }');
    expect(await client.closed).toBe(4401);
  });
});

describe('a session', () => {
  it('that was revoked ends its sockets at once where that is announced, and no other', async () => {
    const client = await following(lasting(3_600));
    const other = await following(lasting(3_600, 'other'));
    known = (subject) => (subject === 'other' ? { ...staff, subjectId: newId('usr') } : null);
    graph.changed({ subjectId: ids.user });
    expect(await client.closed).toBe(4403);
    await graph.feed.followed(1);
    expect(other.socket.readyState).toBe(other.socket.OPEN);
  });

  it('that was revoked ends its sockets within 30 seconds where nothing was announced', async () => {
    const client = await following(lasting(3_600));
    graph.clock.advance(20_000);
    expect(await event(client)).toEqual(tick());
    known = () => null;
    graph.clock.advance(9_000);
    expect(await client.closed).toBe(4403);
  });

  it('whose permissions have changed is to come back as what it is now', async () => {
    const client = await following(lasting(3_600));
    known = () => ({ ...staff, permissions: [] });
    graph.changed({ storeId: ids.store });
    expect(await client.closed).toBe(1012);
    await graph.feed.followed(0);
  });

  it('that nobody can vouch for any more is believed for 30 seconds, and is to come back then', async () => {
    const client = await following(lasting(3_600));
    graph.accounts.exchangeAnswer = () => Promise.reject(new Error('down'));
    graph.clock.advance(26_000);
    const asked = graph.accounts.exchanged.length;
    await expect.poll(() => graph.accounts.exchanged.length, patiently).toBeGreaterThan(asked);
    expect(await event(client)).toEqual(tick());
    graph.clock.advance(5_000);
    expect(await client.closed).toBe(1013);
    await graph.feed.followed(0);
  });

  it('that can not be looked up is told to come back', async () => {
    graph.accounts.exchangeAnswer = () => Promise.reject(new Error('down'));
    const client = await rawClient(graph.socketUrl);
    client.say({ type: 'connection_init', payload: lasting(60) });
    expect(await client.closed).toBe(1013);
  });
});
