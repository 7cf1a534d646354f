import { OperatorError } from '@storegraph/core';
import { openDirect } from '@storegraph/database';

/** What a process holds beside its pool: for its events, their locks and wake-ups, and for its jobs. */
const besidePool = 8;
/** What a gateway holds to hear of signals, and for the buckets of points where they stand in the database. */
const gateways = { signals: 1, buckets: 5 };

interface Wanted {
  /** Those with a pool. */
  readonly processes: number;
  readonly poolSize: number;
  /** Whether the gateway keeps the buckets of points in the database. */
  readonly sharesBuckets: boolean;
}

/** Fails at start, and not under the first load, where the processes together could ask for more connections than the server takes. */
export async function checkConnections(adminUrl: string, { processes, poolSize, sharesBuckets }: Wanted): Promise<void> {
  const wanted = processes * (poolSize + besidePool) + gateways.signals + (sharesBuckets ? gateways.buckets : 0);
  const direct = openDirect({ url: adminUrl });
  try {
    const [row] = await direct.query<{ taken: number }>(
      "select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as taken",
    );
    if (row && wanted > row.taken) {
      throw new OperatorError(
        `The processes may open ${wanted} connections, and PostgreSQL takes ${row.taken}.`,
        'Lower STOREGRAPH_POOL_SIZE, or raise max_connections of the server.',
      );
    }
  } finally {
    await direct.close();
  }
}
