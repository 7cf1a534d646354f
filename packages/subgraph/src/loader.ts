import DataLoader from 'dataloader';

/** Where a request keeps its loaders, so that a write can clear them. */
export interface LoaderHost {
  readonly loaders: Set<{ clearAll(): unknown }>;
}

/**
 * Collects the keys that one request asks for and fetches them together. `batch` gives one value per key, in the order of the keys: see
 * `inOrder` and `grouped`. A write clears it. Keys that are not plain values need `cacheKey`.
 */
export function loader<K, V>(
  ctx: LoaderHost,
  batch: (keys: readonly K[]) => Promise<readonly (V | Error)[]>,
  options: { cacheKey?: (key: K) => string; maxBatchSize?: number } = {},
): DataLoader<K, V, unknown> {
  const made = new DataLoader<K, V, unknown>((keys) => batch(keys), {
    maxBatchSize: options.maxBatchSize ?? 1000,
    ...(options.cacheKey ? { cacheKeyFn: options.cacheKey } : {}),
  });
  ctx.loaders.add(made);
  return made;
}

/** For each key its row, or null. */
export function inOrder<K, Row>(keys: readonly K[], rows: Iterable<Row>, keyOf: (row: Row) => K): (Row | null)[] {
  const byKey = new Map<K, Row>();
  for (const row of rows) byKey.set(keyOf(row), row);
  return keys.map((key) => byKey.get(key) ?? null);
}

/** For each key all its rows, in the order in which they came. */
export function grouped<K, Row>(keys: readonly K[], rows: Iterable<Row>, keyOf: (row: Row) => K): Row[][] {
  const byKey = Map.groupBy(rows, keyOf);
  return keys.map((key) => byKey.get(key) ?? []);
}
