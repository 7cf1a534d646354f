import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ids, tokens } from '../fixture/credentials.ts';
import type { SubgraphRequest } from '../../src/index.ts';
import { follow, upTo } from './follower.ts';
import { liveGraph, type LiveGraph } from './live-graph.ts';
import { rawClient } from './raw.ts';

/** A busy machine takes its time. */
const patiently = { timeout: 20_000 };

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe.each(['memory', 'http'] as const)('over %s', (mode) => {
  let graph: LiveGraph;
  beforeEach(async () => {
    graph = await liveGraph(mode);
  });
  afterEach(() => graph.close());

  const opened = async (query: string, payload?: object, variables?: object) => {
    const client = await rawClient(graph.socketUrl);
    await client.init(payload);
    client.subscribe('a', query, variables);
    return client;
  };
  const ticks = 'subscription ($topic: String) { ticks(topic: $topic) { number } }';

  it('who asks the same as the same one shares a subscription upstream, which ends with the last of them though no event comes', async () => {
    const first = await opened(ticks, bearer(tokens.staff));
    await graph.feed.followed(1);
    const second = await opened(`query Q { viewer { kind } } ${ticks.replace('subscription', 'subscription S')}`, bearer(tokens.staff));
    // Answered after the subscription was taken: nothing was opened for it.
    second.say({ type: 'ping' });
    await second.hear();
    second.subscribe('b', ticks);
    second.subscribe('c', '{ viewer { kind } }');
    while ((await second.hear()).id !== 'c');
    expect(graph.feed.subscribed.length).toBe(1);
    graph.feed.add();
    expect((await first.hear()).payload).toEqual({ data: { ticks: { number: 1 } } });
    first.socket.close();
    graph.feed.add();
    first.socket.terminate();
    expect(graph.feed.following()).toBe(1);
    second.socket.terminate();
    await graph.feed.followed(0);
    expect(await graph.metric('upstreams')).toBe(0);
    expect(await graph.metric('subscriptions')).toBe(0);
  });

  it('another identity, other variables and a cursor have one of their own', async () => {
    await opened(ticks, bearer(tokens.staff));
    await graph.feed.followed(1);
    await opened(ticks, bearer(tokens.customer));
    await graph.feed.followed(2);
    await opened(ticks, bearer(tokens.staff), { topic: 'other' });
    await graph.feed.followed(3);
    expect(graph.feed.subscribed.map(({ identity }) => identity.subjectId)).toEqual([ids.user, ids.customer, ids.user]);
    graph.feed.add(5);
    const followers = [follow(graph.client()), follow(graph.client())];
    await Promise.all(followers.map((follower) => follower.until(5)));
    expect(followers.map(({ numbers }) => numbers)).toEqual([upTo(5), upTo(5)]);
  });

  it('each event is completed as its subscriber, and told in order though a later one is answered first', async () => {
    const held = Promise.withResolvers<void>();
    const asked: SubgraphRequest[] = [];
    graph.customers.answer = async (request) => {
      asked.push(request);
      const { representations } = request.variables as { representations: { id: string }[] };
      if (representations[0]?.id === 'cus_1') await held.promise;
      return { data: { _entities: representations.map(({ id }) => ({ __typename: 'Customer', name: id })) } };
    };
    const client = await opened('subscription { ticks { customer { name } } }', bearer(tokens.staff));
    await graph.feed.followed(1);
    graph.feed.add(3);
    await expect.poll(() => asked.length, patiently).toBe(3);
    held.resolve();
    for (const id of ['cus_1', 'cus_2', 'cus_3'])
      expect((await client.hear()).payload).toEqual({ data: { ticks: { customer: { name: id } } } });
    expect(asked.map(({ identity }) => identity.subjectId)).toEqual([ids.user, ids.user, ids.user]);
  });

  it('a part that is missing is an error in its event, and the next one is whole', async () => {
    graph.customers.answer = () => Promise.reject(new Error('down'));
    const client = await opened('subscription { ticks { number customer { name } } }');
    await graph.feed.followed(1);
    graph.feed.add();
    expect((await client.hear()).payload).toMatchObject({ errors: [{ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }] });
    graph.customers.answer = undefined;
    graph.feed.add();
    expect((await client.hear()).payload).toEqual({ data: { ticks: { number: 2, customer: { name: 'Name cus_2' } } } });
  });

  if (mode === 'http')
    it('all subscriptions of a subgraph go over one connection, each with its own identity', async () => {
      const followers = Array.from({ length: 10 }, (_, index) => follow(graph.client(), '0', `Q${index}`));
      graph.feed.add(3);
      await Promise.all(followers.map((follower) => follower.until(3)));
      await opened(ticks, bearer(tokens.staff));
      await graph.feed.followed(11);
      expect(graph.served?.connections).toEqual({ made: 1, open: 1 });
      expect(new Set(graph.feed.subscribed.map(({ identity }) => identity.kind))).toEqual(new Set(['ANONYMOUS', 'STAFF']));
      expect(graph.feed.subscribed.every(({ requestId }) => /^[0-9a-f-]{36}$/.test(requestId))).toBe(true);
      for (const { stop } of followers) stop();
      await graph.feed.followed(1);
    });
});
