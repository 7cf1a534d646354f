import { constants } from 'node:os';
import { OperatorError } from '@storegraph/core';
import { table, type Measurement } from '../bench/measure.ts';
import { print } from '../output.ts';

interface BenchOptions {
  /** An order file of the built-in layout, in place of the generated one. */
  readonly file?: string;
  /** How many orders the large store of the desk's benchmark has. */
  readonly orders?: number;
  /** How many customers are searched. */
  readonly customers?: number;
  /** A folder for profiles of the gateway. */
  readonly profile?: string;
}

const benches: Readonly<Record<string, (options: BenchOptions) => Promise<Measurement[]>>> = {
  startup: async () => (await import('../bench/startup.ts')).benchStartup(),
  import: async (options) => (await import('../bench/import.ts')).benchImport(options),
  orders: async () => (await import('../bench/orders.ts')).benchOrders(),
  desk: async (options) => (await import('../bench/orders.ts')).benchDesk(options),
  search: async (options) => (await import('../bench/search.ts')).benchSearch(options),
  read: async () => (await import('../bench/read.ts')).benchRead(),
  gateway: async (options) => (await import('../bench/gateway.ts')).benchGateway(options),
  subscriptions: async (options) => (await import('../bench/subscriptions.ts')).benchSockets(options),
  graph: async () => (await import('../bench/real-graph.ts')).benchRealGraph(),
};

/** Runs the benchmarks named, or all, one after the other, and prints each figure beside its reference. */
export async function benchCommand(names: readonly string[], options: BenchOptions): Promise<number> {
  for (const name of names)
    if (!benches[name]) throw new OperatorError(`There is no benchmark "${name}".`, `Known are ${Object.keys(benches).join(', ')}.`);
  // What a benchmark has started ends with an exit of this process, and not where it dies of a signal.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(128 + constants.signals[signal]));
  const measurements: Measurement[] = [];
  for (const [name, run] of Object.entries(benches)) {
    if (names.length === 0 || names.includes(name)) measurements.push(...(await run(options)));
  }
  print(table(measurements));
  return 0;
}
