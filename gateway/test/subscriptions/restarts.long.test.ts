import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { generateHopKeys } from '@storegraph/auth';
import { createClient } from '@storegraph/client';
import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { compose } from '../fixture/graph.ts';
import { createFeed } from './feed.ts';
import { upTo } from './follower.ts';
import { frontEnd } from './front-end.ts';
import { serveFeed } from './serve-feed.ts';

const script = fileURLToPath(new URL('./gateway-process.ts', import.meta.url));
const sockets = 1_000;

it('1,000 front ends are told 1..n, in order, none twice, while the gateway is restarted five times, two of them killed with -9', async () => {
  await using closing = new AsyncDisposableStack();
  const { privateKey, publicKey } = await generateHopKeys();
  const feed = createFeed();
  const served = closing.adopt(await serveFeed(feed, publicKey), (server) => server.kill());
  const supergraphSdl = compose([feed as never]);

  const start = async (port: number): Promise<{ process: ChildProcess; port: number }> => {
    const process = fork(script, { execArgv: [] });
    process.send({ supergraphSdl, feedUrl: served.url, privateKey, port });
    const [answer] = (await once(process, 'message')) as [{ port: number }];
    return { process, port: answer.port };
  };
  let gateway = await start(0);
  closing.defer(() => void gateway.process.kill('SIGKILL'));
  const { port } = gateway;

  const codes: number[] = [];
  const clients = Array.from({ length: sockets }, () =>
    createClient({
      url: `ws://127.0.0.1:${port}/graphql`,
      webSocketImpl: WebSocket,
      backoff: { most: 2_000 },
      onConnection: (change) => void (change.state === 'LOST' && codes.push(change.closeCode)),
    }),
  );
  closing.defer(() => {
    for (const client of clients) client.dispose();
  });
  const followers = clients.map(frontEnd);
  const all = (number: number) => Promise.all(followers.map((follower) => follower.until(number)));

  const adding = setInterval(() => feed.add(), 200);
  closing.defer(() => clearInterval(adding));
  for (const how of ['close', 'SIGKILL', 'close', 'SIGKILL', 'close']) {
    // Whoever is told of what happens from now on is there again.
    await all(feed.last + 5);
    const exited = once(gateway.process, 'exit');
    if (how === 'close') gateway.process.send('close');
    else gateway.process.kill('SIGKILL');
    await exited;
    gateway = await start(port);
  }
  await all(feed.last + 5);
  clearInterval(adding);
  await all(feed.last);
  for (const { numbers } of followers) expect(numbers).toEqual(upTo(feed.last));
  expect(codes.length).toBeGreaterThanOrEqual(5 * sockets);
  expect([codes.includes(1001), codes.includes(1006)]).toEqual([true, true]);
  await expect.poll(() => feed.following(), { timeout: 10_000 }).toBe(sockets);
});
