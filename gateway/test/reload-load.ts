import { createClient } from '@storegraph/client';
import { expect } from 'vitest';
import { WebSocket } from 'ws';
import { upTo } from './subscriptions/follower.ts';
import { frontEnd } from './subscriptions/front-end.ts';
import { liveGraph } from './subscriptions/live-graph.ts';

interface Load {
  /** Front ends that follow a live feed. */
  readonly sockets: number;
  /** Requests in flight at any time. */
  readonly atOnce: number;
  readonly reloads: number;
}

const patiently = { timeout: 60_000, interval: 20 };

/** Loads one supergraph after the other while all of these use the gateway. Gives how many requests were answered; every one, and every stream, is checked. */
export async function reloadUnderLoad({ sockets, atOnce, reloads }: Load): Promise<number> {
  await using closing = new AsyncDisposableStack();
  const graph = closing.adopt(
    await liveGraph('memory', { limits: { planningMs: 1_000 }, subscriptions: { connectionsPerAddress: sockets } }),
    (running) => running.close(),
  );
  const codes: number[] = [];
  const clients = Array.from({ length: sockets }, () =>
    createClient({
      url: graph.socketUrl,
      webSocketImpl: WebSocket,
      backoff: { most: 200 },
      // They share one process with the gateway, and with everybody who asks.
      answerWithin: 120_000,
      onConnection: (change) => void (change.state === 'LOST' && codes.push(change.closeCode)),
    }),
  );
  closing.defer(() => {
    for (const client of clients) client.dispose();
  });
  const frontEnds = clients.map(frontEnd);
  /** Resolves when everybody has been told of one that is added now. */
  const told = async () => {
    graph.feed.add();
    const { last } = graph.feed;
    await Promise.all(frontEnds.map((each) => each.until(last)));
  };
  await told();

  const query = '{ customers { name store { name } } }';
  const { body: expected } = await graph.ask(query);
  expect(expected.errors).toBeUndefined();
  let asking = true;
  let answers = 0;
  const ask = async (asker: number) => {
    for (let turn = 0; asking; turn += 1) {
      // Every fifth is new, and has to be planned.
      const name = (turn + asker) % 5 === 0 ? `new_${asker}_${turn}` : 'known';
      expect(await graph.ask(`query ${name} ${query}`)).toMatchObject({ status: 200, body: expected });
      answers += 1;
    }
  };
  const askers = Array.from({ length: atOnce }, (_, asker) => ask(asker));
  const asked = Promise.all(askers).finally(() => {
    asking = false;
  });
  asked.catch(() => undefined);

  const { whole, other } = graph.supergraphs;
  for (let index = 0; index < reloads; index += 1) {
    const before = answers;
    graph.feed.add();
    const reloaded = graph.gateway.reload(index % 2 === 0 ? other : whole);
    graph.feed.add();
    await reloaded;
    graph.feed.add();
    await expect.poll(() => codes.length, patiently).toBe(sockets * (index + 1));
    await told();
    await expect.poll(() => answers > before || !asking, patiently).toBe(true);
  }
  asking = false;
  await asked;
  expect(new Set(codes)).toEqual(new Set([1012]));
  for (const { numbers } of frontEnds) expect(numbers).toEqual(upTo(graph.feed.last));
  return answers;
}
