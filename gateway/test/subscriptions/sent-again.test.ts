import { createClient, type Client } from '@storegraph/client';
import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { frontEnd, type FrontEnd } from './front-end.ts';
import { liveGraph, type LiveGraph } from './live-graph.ts';

const rename = (name: string) => ({ query: `mutation { storeRename(input: { name: "${name}" }) { name } }` });
const renamed = (name: string) => ({ data: { storeRename: { name } } });

interface Running {
  readonly graph: LiveGraph;
  readonly client: Client;
  readonly follower: FrontEnd;
  /** Those that the client has opened, each with what it was given to send. */
  readonly sockets: { readonly socket: WebSocket; readonly sent: string[] }[];
}

/** A front end that follows a feed, and so has a socket that ends when the graph is replaced. */
async function running(closing: AsyncDisposableStack, subscriptions: { reloadOverMs: number; finishWithinMs: number }): Promise<Running> {
  const graph = closing.adopt(await liveGraph('memory', { subscriptions }), (live) => live.close());
  const sockets: Running['sockets'] = [];
  const Noted = function (url: string, protocols: string) {
    const socket = new WebSocket(url, protocols);
    const send = socket.send.bind(socket);
    const sent: string[] = [];
    socket.send = (text: string) => {
      sent.push(text);
      send(text);
    };
    sockets.push({ socket, sent });
    return socket;
  };
  Object.setPrototypeOf(Noted, WebSocket);
  const client = createClient({ url: graph.socketUrl, webSocketImpl: Noted, backoff: { first: 1, most: 4 } });
  closing.defer(() => client.dispose());
  const follower = frontEnd(client);
  graph.feed.add();
  await follower.until(1);
  return { graph, client, follower, sockets };
}
const isRename = (text: string) => text.includes('storeRename');
const renames = ({ accounts }: LiveGraph) => accounts.seen.filter(({ query }) => isRename(query)).length;

it('a mutation that came when its socket was about to end is sent again, and one that was begun before is not', async () => {
  await using closing = new AsyncDisposableStack();
  const { graph, client, follower, sockets } = await running(closing, { reloadOverMs: 3_600_000, finishWithinMs: 20 });
  const begun = Promise.withResolvers<void>();
  graph.accounts.answer = () => {
    begun.resolve();
    return new Promise(() => undefined);
  };
  const first = client.mutate(rename('First')).catch((error: unknown) => error);
  await begun.promise;
  graph.accounts.answer = () => Promise.resolve(renamed('Second'));
  await graph.gateway.reload(graph.supergraphs.other);
  expect(await client.mutate(rename('Second'))).toEqual(renamed('Second'));
  expect(await first).toMatchObject({ code: 'CONNECTION_LOST', closeCode: 1012 });
  expect([renames(graph), sockets.length]).toEqual([2, 2]);
  graph.feed.add();
  await follower.until(2);
});

it('a mutation that crosses the end of its socket on the way is sent again', async () => {
  await using closing = new AsyncDisposableStack();
  const { graph, client, follower, sockets } = await running(closing, { reloadOverMs: 0, finishWithinMs: 20 });
  sockets[0]?.socket.pause();
  await graph.gateway.reload(graph.supergraphs.other);
  await graph.feed.followed(0);
  const answer = client.mutate(rename('New'));
  await expect.poll(() => sockets[0]?.sent.some(isRename)).toBe(true);
  sockets[0]?.socket.resume();
  expect(await answer).toEqual(renamed('New'));
  expect([renames(graph), sockets.length]).toEqual([1, 2]);
  graph.feed.add();
  await follower.until(2);
});
