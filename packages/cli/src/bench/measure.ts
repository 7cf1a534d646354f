/** One figure of a benchmark: ours against a reference, both measured in this run on this machine. */
export interface Measurement {
  readonly name: string;
  readonly ours: string;
  readonly reference: string;
  /** Ours divided by the reference, where there is one. */
  readonly ratio: number | null;
  /** What the ratio should not exceed, where an aim is set. */
  readonly aim: number | null;
}

type Side = () => Promise<unknown>;

/** Runs both sides in turn, so that whatever else the machine does falls on both, and gives the median milliseconds of each. */
export async function sideBySide(rounds: number, ours: Side, reference: Side): Promise<{ ours: number; reference: number }> {
  const times = { ours: [] as number[], reference: [] as number[] };
  await ours();
  await reference();
  for (let round = 0; round < rounds; round += 1) {
    times.ours.push(await milliseconds(ours));
    times.reference.push(await milliseconds(reference));
  }
  return { ours: median(times.ours), reference: median(times.reference) };
}

export async function milliseconds(work: Side): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export function compared(name: string, times: { ours: number; reference: number }, aim: number | null = null): Measurement {
  return { name, ours: inMilliseconds(times.ours), reference: inMilliseconds(times.reference), ratio: times.ours / times.reference, aim };
}

export const inMilliseconds = (value: number) => `${value < 10 ? value.toFixed(2) : Math.round(value)} ms`;

/** A table for people: each figure, its ratio, and whether the aim is met. */
export function table(measurements: readonly Measurement[]): string {
  const rows = measurements.map(({ name, ours, reference, ratio, aim }) => [
    name,
    ours,
    reference,
    ratio === null ? '' : `${ratio.toFixed(2)}×`,
    aim === null || ratio === null ? '' : `${ratio <= aim ? 'within' : 'ABOVE'} ${aim}×`,
  ]);
  const all = [['', 'ours', 'reference', 'ratio', 'aim'], ...rows];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length))) ?? [];
  return all
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
