import { once } from 'node:events';
import { WebSocket } from 'ws';
import { subscription, topicName } from './topics.ts';

// A process of its own: the clients of both sides. It does what it is told over IPC, and says when that is done.

/** What the clients of a server, known by its address, are to do. */
export type Task =
  /** So many connect. */
  | { readonly open: string; readonly sockets: number }
  /** Each subscribes to one of the topics, whose events are published where `by` says until everybody has got one. */
  | { readonly subscribe: string; readonly by: string }
  /** Has so many events of each topic published where `by` says, and waits until everybody has all of theirs. */
  | { readonly play: string; readonly by: string; readonly events: number }
  | { readonly close: string };

/** How long each event took from who published it to its client, in milliseconds; empty for what carries no events. */
export interface Done {
  readonly latencies: number[];
}

interface Clients {
  readonly sockets: WebSocket[];
  /** Who has got an event. */
  readonly reached: Set<WebSocket>;
  latencies: number[];
  /** Of what is played now. */
  play: string;
  expected: number;
  complete: () => void;
}

const all = new Map<string, Clients>();
let plays = 0;

async function open(url: string, count: number): Promise<void> {
  const clients: Clients = { sockets: [], reached: new Set(), latencies: [], play: '', expected: Infinity, complete: () => undefined };
  all.set(url, clients);
  const address = `${url.replace('http', 'ws')}/graphql`;
  // Some at a time, or the server's queue for new connections would be full.
  while (clients.sockets.length < count)
    clients.sockets.push(
      ...(await Promise.all(Array.from({ length: Math.min(50, count - clients.sockets.length) }, () => connect(address)))),
    );
}

async function connect(address: string): Promise<WebSocket> {
  const socket = new WebSocket(address, 'graphql-transport-ws', { perMessageDeflate: false });
  await once(socket, 'open');
  socket.send('{"type":"connection_init"}');
  const [data] = (await once(socket, 'message')) as [Buffer];
  if (!data.includes('connection_ack')) throw new Error(`A server let nobody in: ${data.toString()}`);
  return socket;
}

/** Nobody is told when a subscription has been taken, so events are published until there is one for everybody. */
async function subscribe(clients: Clients, by: string): Promise<void> {
  for (const [index, socket] of clients.sockets.entries()) {
    const payload = { query: subscription, variables: { name: topicName(index) } };
    socket.on('message', (data: Buffer) => take(clients, socket, data));
    socket.send(JSON.stringify({ id: 'events', type: 'subscribe', payload }));
  }
  while (clients.reached.size < clients.sockets.length) await publish(clients, by, 1);
}

function take(clients: Clients, socket: WebSocket, data: Buffer): void {
  const sentAt = textIn(data, '"sentAt":"');
  clients.reached.add(socket);
  if (textIn(data, '"play":"') !== clients.play) return;
  clients.latencies.push((Number(process.hrtime.bigint()) - Number(sentAt)) / 1e6);
  if (clients.latencies.length === clients.expected) clients.complete();
}

/** What stands in an event between that and the next quotation mark. To parse each would take the machine from those who are measured. */
function textIn(data: Buffer, mark: string): string {
  const start = data.indexOf(mark) + mark.length;
  if (start < mark.length) throw new Error(`A client got what is no event: ${data.toString()}`);
  return data.toString('latin1', start, data.indexOf('"', start));
}

async function publish(clients: Clients, by: string, events: number): Promise<void> {
  plays += 1;
  Object.assign(clients, { play: String(plays), latencies: [] });
  await (await fetch(`${by}/play?name=${plays}&events=${events}`)).text();
}

async function play(clients: Clients, by: string, events: number): Promise<number[]> {
  const complete = Promise.withResolvers<void>();
  Object.assign(clients, { expected: events * clients.sockets.length, complete: complete.resolve });
  await publish(clients, by, events);
  await complete.promise;
  return clients.latencies;
}

async function close({ sockets }: Clients): Promise<void> {
  await Promise.all(sockets.map((socket) => (socket.close(), once(socket, 'close'))));
}

async function carryOut(task: Task): Promise<number[]> {
  if ('open' in task) await open(task.open, task.sockets);
  if ('subscribe' in task) await subscribe(clientsOf(task.subscribe), task.by);
  if ('play' in task) return play(clientsOf(task.play), task.by, task.events);
  if ('close' in task) await close(clientsOf(task.close));
  return [];
}

function clientsOf(url: string): Clients {
  const clients = all.get(url);
  if (!clients) throw new Error(`Nobody is connected to ${url}.`);
  return clients;
}

process.on('message', (task) => {
  void carryOut(task as Task).then((latencies) => process.send?.({ latencies } satisfies Done));
});
process.on('disconnect', () => process.exit());
process.send?.({ url: '' });
