import { fileURLToPath } from 'node:url';
import { benchGateways, type Compared, type Figures } from '@storegraph/gateway/bench';
import { heapFlags } from '../heap-flags.ts';
import { compared, type Measurement } from './measure.ts';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));

/**
 * The gateway, started as an operator would, against @apollo/gateway with its own executor: CPU of the process for each request, memory and
 * latencies. `profile`: a folder for the profiles of ours.
 */
export async function benchGateway({ profile }: { readonly profile?: string | undefined } = {}): Promise<Measurement[]> {
  const { compared: workloads, growth } = await benchGateways({
    ours: (file) => ({ file: main, args: ['gateway', '--open', '--supergraph', file, '--port', '0'], flags: heapFlags() }),
    profile,
  });
  return [
    ...workloads.flatMap(({ workload, ...sides }) => gatewayRows(workload.name, sides, { cpu: workload.aim, peak: 1 })),
    ...growth.flatMap(({ workload, ...sides }) => gatewayRows(workload.name, sides, { cpu: workload.aim, peak: 1 })),
    ...linearity(growth),
  ];
}

/** The figures of one workload: the CPU, and under it latencies and memory. */
export function gatewayRows(
  name: string,
  { ours, reference }: Compared,
  aims: { readonly cpu: number | null; readonly peak: number | null },
): Measurement[] {
  const calls = ours.fetches === reference.fetches ? ours.fetches : `${String(ours.fetches)} against ${String(reference.fetches)}`;
  const size = [`${Math.round(ours.answer / 1_000)} kB`, ...(calls === null ? [] : [`fetches: ${calls}`])].join(', ');
  const latency = (figure: 'p50' | 'p99') => compared('  '.concat(figure), { ours: ours[figure], reference: reference[figure] });
  return [
    compared(`${name} (${size}), CPU of each request`, { ours: ours.cpu, reference: reference.cpu }, aims.cpu),
    latency('p50'),
    latency('p99'),
    {
      name: '  peak memory',
      ours: mebibytes(ours.peak),
      reference: mebibytes(reference.peak),
      ratio: ours.peak / reference.peak,
      aim: aims.peak,
    },
  ];
}

const mebibytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`;

/** How much more CPU a request takes of ours that gets ten and a hundred times as much. */
function linearity(growth: readonly { readonly times: number; readonly ours: Figures }[]): Measurement[] {
  const [once] = growth;
  if (!once) return [];
  const aims: Readonly<Record<number, number>> = { 10: 11, 100: 115 };
  return growth
    .filter(({ times }) => times > 1)
    .map(({ times, ours }) =>
      compared(
        `${times} times the catalogue, against once: CPU of ours`,
        { ours: ours.cpu, reference: once.ours.cpu },
        aims[times] ?? null,
      ),
    );
}
