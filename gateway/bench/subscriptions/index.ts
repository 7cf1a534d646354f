import { rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { composeShop } from '../graph/supergraph.ts';
import { run, type Program, type Running } from '../process.ts';
import type { Done, Task } from './clients.ts';
import type { Memory } from './memory.ts';
import { sdl } from './topics.ts';

/** What one side needed for its sockets. */
export interface SocketFigures {
  /** CPU of the process for each event that a client got, in milliseconds; and the least and the most of all rounds. */
  readonly cpu: number;
  readonly cpuRange: readonly [least: number, most: number];
  /** From who published an event to a client, in milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Bytes for each socket that was let in, and for each that has subscribed besides and gets nothing. */
  readonly idle: Memory;
  readonly subscribed: Memory;
}

export interface SubscriptionsBench {
  readonly sockets: number;
  readonly ours: SocketFigures;
  readonly reference: SocketFigures;
}

/** A server with its clients, and where its events are published. */
interface Side {
  readonly server: Running;
  readonly publisher: string;
  readonly rounds: { readonly cpu: number; readonly latencies: readonly number[] }[];
}

const sockets = 1_000;
const rounds = 9;
/** Of each topic in a round, and before the first. */
const events = 8;
const warmUpEvents = 25;

const program = (file: string, ...args: string[]): Program => ({ file: fileURLToPath(new URL(file, import.meta.url)), args });

/**
 * A thousand sockets over two hundred topics at our gateway, before a subgraph, against as many at a bare server of graphql-ws that sends the same text.
 * `profile`: a folder for the profile of our gateway.
 */
export async function benchSubscriptions({ profile }: { readonly profile?: string | undefined } = {}): Promise<SubscriptionsBench> {
  await using closing = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'storegraph-subscriptions-bench-'));
  closing.defer(() => rmSync(folder, { recursive: true, force: true }));
  const start = async (started: Program, into?: string) => closing.use(await run(started, into));
  const subgraph = await start(program('./server.ts'));
  const bare = await start(program('./server.ts'));
  const clients = await start(program('./clients.ts'));
  const file = join(folder, 'supergraph.graphql');
  await writeFile(
    file,
    composeShop({ topics: { sdl } }, () => subgraph.url),
  );
  const gateway = await start(program('./gateway.ts', file, subgraph.url), profile);

  const sides: Record<'ours' | 'reference', Side> = {
    ours: { server: gateway, publisher: subgraph.url, rounds: [] },
    reference: { server: bare, publisher: bare.url, rounds: [] },
  };
  const names = ['ours', 'reference'] as const;
  const tell = (task: Task): Promise<Done> => clients.ask(task);

  async function connect({ server, publisher }: Side): Promise<Pick<SocketFigures, 'idle' | 'subscribed'>> {
    // What is loaded and compiled for the first sockets is not the others' cost.
    await tell({ open: server.url, sockets: 100 });
    await tell({ subscribe: server.url, by: publisher });
    await tell({ close: server.url });
    const before = await server.ask<Memory>('memory');
    await tell({ open: server.url, sockets });
    const idle = await server.ask<Memory>('memory');
    await tell({ subscribe: server.url, by: publisher });
    const subscribed = await server.ask<Memory>('memory');
    return { idle: perSocket(before, idle), subscribed: perSocket(before, subscribed) };
  }

  async function play({ server, publisher, rounds: measured }: Side, count: number): Promise<void> {
    const before = await server.usage();
    const { latencies } = await tell({ play: server.url, by: publisher, events: count });
    measured.push({ cpu: ((await server.usage()).cpu - before.cpu) / 1_000 / latencies.length, latencies });
  }

  const memory = { ours: await connect(sides.ours), reference: await connect(sides.reference) };
  for (const name of names) {
    await play(sides[name], warmUpEvents);
    sides[name].rounds.length = 0;
  }
  for (let round = 0; round < rounds; round += 1) for (const name of names) await play(sides[name], events);
  return {
    sockets,
    ours: { ...memory.ours, ...summary(sides.ours) },
    reference: { ...memory.reference, ...summary(sides.reference) },
  };
}

const perSocket = (before: Memory, after: Memory): Memory => ({
  objects: (after.objects - before.objects) / sockets,
  resident: (after.resident - before.resident) / sockets,
});

/** The medians of the rounds: what else the machine was doing in one of them falls on that one alone. */
function summary({ rounds: measured }: Side): Omit<SocketFigures, 'idle' | 'subscribed'> {
  const inRounds = (figure: (round: Side['rounds'][number]) => number) => measured.map(figure).toSorted((a, b) => a - b);
  const latency = (share: number) =>
    at(
      inRounds(({ latencies }) =>
        at(
          latencies.toSorted((a, b) => a - b),
          share,
        ),
      ),
      0.5,
    );
  const cpus = inRounds(({ cpu }) => cpu);
  return { cpu: at(cpus, 0.5), cpuRange: [at(cpus, 0), at(cpus, 1)], p50: latency(0.5), p99: latency(0.99) };
}

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
