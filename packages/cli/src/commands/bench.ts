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
}

const benches: Readonly<Record<string, (options: BenchOptions) => Promise<Measurement[]>>> = {
  startup: async () => (await import('../bench/startup.ts')).benchStartup(),
  import: async (options) => (await import('../bench/import.ts')).benchImport(options),
  orders: async () => (await import('../bench/orders.ts')).benchOrders(),
  desk: async (options) => (await import('../bench/orders.ts')).benchDesk(options),
  search: async (options) => (await import('../bench/search.ts')).benchSearch(options),
  read: async () => (await import('../bench/read.ts')).benchRead(),
};

/** Runs the benchmarks named, or all, one after the other, and prints each figure beside its reference. */
export async function benchCommand(names: readonly string[], options: BenchOptions): Promise<number> {
  for (const name of names)
    if (!benches[name]) throw new OperatorError(`There is no benchmark "${name}".`, `Known are ${Object.keys(benches).join(', ')}.`);
  const measurements: Measurement[] = [];
  for (const [name, run] of Object.entries(benches)) {
    if (names.length === 0 || names.includes(name)) measurements.push(...(await run(options)));
  }
  print(table(measurements));
  return 0;
}
