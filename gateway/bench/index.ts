import { rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compareSides, type Compared, type Side } from './compare.ts';
import { shop } from './graph/shop.ts';
import { composeShop } from './graph/supergraph.ts';
import { clientOf } from './load.ts';
import { run, type Program } from './process.ts';
import { growing, workloads, type Workload } from './workloads.ts';

export { compareSides, type Compared, type Figures, type Side } from './compare.ts';
export { clientOf } from './load.ts';
export { measuredSettings, run, type Program } from './process.ts';
export { benchSubscriptions, type SocketFigures } from './subscriptions/index.ts';
export type { Workload } from './workloads.ts';

export interface GatewayBenchOptions {
  /** Our gateway, open, in front of the supergraph in that file, on any free port. */
  readonly ours: (supergraphFile: string) => Program;
  /** A folder into which Node's profiler writes what our gateway did. */
  readonly profile?: string | undefined;
}

export interface GatewayBench {
  readonly compared: readonly (Compared & { readonly workload: Workload })[];
  /** The same question about once, ten and a hundred times as many things. */
  readonly growth: readonly (Compared & { readonly workload: Workload; readonly times: number })[];
}

const program = (file: string, ...args: string[]): Program => ({ file: fileURLToPath(new URL(file, import.meta.url)), args });

/** Our gateway against @apollo/gateway with its own executor, both before the same four subgraphs. Ends every process that it starts. */
export async function benchGateways({ ours, profile }: GatewayBenchOptions): Promise<GatewayBench> {
  await using closing = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'storegraph-gateway-bench-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  closing.defer(remove);
  // Where the run is interrupted. The processes end by themselves, with the channel to this one.
  process.once('exit', remove);
  const subgraphs = closing.use(await run(program('./subgraph-server.ts')));

  const countFetches = async () => Number(await (await fetch(`${subgraphs.url}/fetches`)).text());

  /** Starts both before the same subgraphs, has them measured, and ends them. */
  async function withBoth<T>(delayMs: number, use: (compare: (workload: Workload) => Promise<Compared>) => Promise<T>): Promise<T> {
    const file = join(folder, `${delayMs}.graphql`);
    await writeFile(
      file,
      composeShop(shop, (name) => `${subgraphs.url}/${delayMs}/${name}`),
    );
    await using started = new AsyncDisposableStack();
    const start = async (gateway: Program, profileFolder?: string): Promise<Side> => {
      const process = started.use(await run(gateway, profileFolder));
      const client = started.adopt(clientOf(process.url), (each) => each.close());
      return { processes: [process], client };
    };
    const sides = { ours: await start(ours(file), profile), reference: await start(program('./reference.ts', file)) };
    return await use((workload) => compareSides(workload, sides, countFetches));
  }

  const compared = [];
  for (const workload of workloads) compared.push({ workload, ...(await withBoth(workload.delayMs, (compare) => compare(workload))) });
  const growth = await withBoth(0, async (compare) => {
    const measured = [];
    for (const times of [1, 10, 100]) {
      const workload = growing(100 * times);
      measured.push({ workload, times, ...(await compare(workload)) });
    }
    return measured;
  });
  return { compared, growth };
}
