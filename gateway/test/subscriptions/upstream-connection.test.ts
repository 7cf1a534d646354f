import { createHopSigner, generateHopKeys, type Identity } from '@storegraph/auth';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { httpTransport, type SubgraphRequest, type SubgraphTransport } from '../../src/index.ts';
import { ids } from '../fixture/credentials.ts';
import { createFeed, type Feed } from './feed.ts';
import { serveFeed, type ServedFeed } from './serve-feed.ts';

/** A busy machine takes its time. */
const patiently = { timeout: 20_000 };

const staff: Identity = { kind: 'STAFF', storeId: ids.store, subjectId: ids.user, sessionId: ids.session, permissions: ['orders:read'] };
const query = 'subscription ($after: EventCursor) { ticks(after: $after) { number } }';
const tick = (number: number) => ({ done: false, value: { data: { ticks: { number } } } });

let feed: Feed;
let served: ServedFeed;
let transport: SubgraphTransport;
beforeEach(async () => {
  const { privateKey, publicKey } = await generateHopKeys();
  feed = createFeed();
  served = await serveFeed(feed, publicKey);
  transport = httpTransport({ name: 'feed', url: served.url, signer: createHopSigner({ privateKey }) });
});
afterEach(async () => {
  await transport.close();
  await served.kill();
});

function open(request: Partial<SubgraphRequest> = {}): AsyncIterableIterator<unknown, void> {
  const answers = transport.subscribe?.({ query, identity: staff, requestId: 'req-1', ip: '10.0.0.1', ...request });
  if (!answers) throw new Error('The transport carries no subscriptions.');
  return answers;
}

describe('a subscription over HTTP', () => {
  it('says who asks, for which request, from where', async () => {
    const answers = open({ variables: { after: '0' } });
    feed.add(2);
    expect([await answers.next(), await answers.next()]).toEqual([tick(1), tick(2)]);
    expect(feed.subscribed).toMatchObject([{ identity: staff, requestId: 'req-1', ip: '10.0.0.1', variables: { after: '0' } }]);
  });

  it('ends upstream when it is returned, or its signal aborts, though no event comes', async () => {
    const left = open();
    const waiting = left.next();
    await feed.followed(1);
    await left.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    await feed.followed(0);
    const gone = new AbortController();
    const aborted = open({ signal: gone.signal }).next();
    await feed.followed(1);
    gone.abort();
    expect(await aborted).toEqual({ done: true, value: undefined });
    await feed.followed(0);
    expect(await open({ signal: gone.signal }).next()).toEqual({ done: true, value: undefined });
  });

  it('ends with LOST when the connection is cut, once', async () => {
    const answers = open({ variables: { after: '0' } });
    feed.add();
    expect(await answers.next()).toEqual(tick(1));
    await served.kill();
    await expect(answers.next()).rejects.toMatchObject({ name: 'HopFailed', code: 'LOST' });
    expect(await answers.next()).toEqual({ done: true, value: undefined });
  });

  it('waits for a subgraph that is away, and begins when it is there', async () => {
    await served.kill();
    const answers = open({ variables: { after: '0' } });
    feed.add();
    const first = answers.next();
    const given = open();
    const returned = given.next();
    await given.return?.();
    expect(await returned).toEqual({ done: true, value: undefined });
    await served.restart();
    expect(await first).toEqual(tick(1));
    expect(feed.subscribed.length).toBe(1);
  });

  it('gives what the subgraph says against it as its last answer', async () => {
    const answers = open({ query: 'subscription Refused { ticks { number } }', operationName: 'Refused' });
    expect(await answers.next()).toEqual({ done: false, value: { errors: [{ message: 'refused' }] } });
    expect(await answers.next()).toEqual({ done: true, value: undefined });
  });

  it('is refused without the gateway’s own key', async () => {
    const { privateKey } = await generateHopKeys();
    const stranger = httpTransport({ name: 'feed', url: served.url, signer: createHopSigner({ privateKey }) });
    const waiting = stranger.subscribe?.({ query, identity: staff, requestId: 'req-1' });
    const first = waiting?.next();
    await expect.poll(() => served.connections.made, patiently).toBeGreaterThan(0);
    await waiting?.return?.();
    expect(await first).toEqual({ done: true, value: undefined });
    await stranger.close();
    expect(feed.subscribed).toEqual([]);
  });

  it('ends with the transport', async () => {
    const first = open().next();
    await feed.followed(1);
    await transport.close();
    expect(await first).toEqual({ done: true, value: undefined });
    await feed.followed(0);
    await expect.poll(() => served.connections.open, patiently).toBe(0);
  });
});
