import { isDeepStrictEqual } from 'node:util';
import { counting, load, next, type Client } from './load.ts';
import type { Running } from './process.ts';
import type { Workload } from './workloads.ts';

/** What one side needed for a workload. */
export interface Figures {
  /** CPU of its processes for one request, in milliseconds. */
  readonly cpu: number;
  /** Latencies, in milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** The most memory that its processes have ever held, in bytes. */
  readonly peak: number;
  /** How many fetches the subgraphs saw for one request, where they count. */
  readonly fetches: number | null;
  /** The length of the answer, in characters. */
  readonly answer: number;
}

export interface Compared {
  readonly ours: Figures;
  readonly reference: Figures;
}

/** One of the two that are compared: what serves it, and the client that asks. */
export interface Side {
  readonly processes: readonly Running[];
  readonly client: Client;
}

interface Measured {
  readonly latencies: number[];
  /** Microseconds. */
  cpu: number;
}

const rounds = 3;
const roundMs = 1_000;
/** Until then the compiler has seen what matters; counted in CPU, since a busy machine gives a process little of a second. */
const warmUpCpuMs = 2_000;
const warmUpAtMostMs = 4_000;

/**
 * Measures both sides in turns, after a warm-up. Throws unless both give the same answer, without errors. `countFetches` gives how many fetches the
 * subgraphs have answered so far.
 */
export async function compareSides(
  workload: Workload,
  sides: { readonly ours: Side; readonly reference: Side },
  countFetches?: () => Promise<number>,
): Promise<Compared> {
  const { ours, reference } = sides;
  await assertSame(workload, ours.client, reference.client);
  const numbers = counting();
  for (const side of [ours, reference]) await warmUp(side, workload, numbers);
  const measured = { ours: { latencies: [], cpu: 0 }, reference: { latencies: [], cpu: 0 } } satisfies Record<string, Measured>;
  for (let round = 0; round < rounds; round += 1)
    for (const name of ['ours', 'reference'] as const) await measure(sides[name], workload, numbers, measured[name]);

  const figures = async (name: 'ours' | 'reference'): Promise<Figures> => {
    const before = await countFetches?.();
    const answer = await sides[name].client.ask(workload, next(numbers));
    const after = await countFetches?.();
    return {
      ...summary(measured[name]),
      fetches: before === undefined || after === undefined ? null : after - before,
      answer: answer.length,
      peak: (await usage(sides[name])).peak,
    };
  };
  return { ours: await figures('ours'), reference: await figures('reference') };
}

/** Asks with numbers that no measured request will have. */
async function assertSame(workload: Workload, ours: Client, reference: Client): Promise<void> {
  for (const request of [-1, -2]) {
    const texts = await Promise.all([ours.ask(workload, request), reference.ask(workload, request)]);
    const [our, theirs] = texts.map((text) => JSON.parse(text) as { data?: unknown; errors?: unknown });
    const same = our?.data && !our.errors && !theirs?.errors && isDeepStrictEqual(our.data, theirs?.data);
    const shown = texts.map((text) => text.slice(0, 2_000)).join('\n');
    if (!same) throw new Error(`There is nothing to compare: "${workload.name}" fails, or is answered differently.\n${shown}`);
  }
}

async function warmUp(side: Side, workload: Workload, numbers: Iterator<number>): Promise<void> {
  const { cpu } = await usage(side);
  const end = performance.now() + warmUpAtMostMs;
  while (performance.now() < end && (await usage(side)).cpu - cpu < warmUpCpuMs * 1_000) await load(side.client, workload, 250, numbers);
}

async function measure(side: Side, workload: Workload, numbers: Iterator<number>, measured: Measured): Promise<void> {
  const before = await usage(side);
  measured.latencies.push(...(await load(side.client, workload, roundMs, numbers)));
  measured.cpu += (await usage(side)).cpu - before.cpu;
}

async function usage({ processes }: Side) {
  const used = await Promise.all(processes.map((process) => process.usage()));
  return { cpu: used.reduce((sum, { cpu }) => sum + cpu, 0), peak: used.reduce((sum, { peak }) => sum + peak, 0) };
}

function summary({ latencies, cpu }: Measured): Pick<Figures, 'cpu' | 'p50' | 'p99'> {
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { cpu: cpu / 1_000 / sorted.length, p50: at(0.5), p99: at(0.99) };
}
