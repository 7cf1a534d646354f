import { OperatorError } from '@storegraph/core';
import { openDirect } from '@storegraph/database';

/** What a process holds beside its pool: for its events, their locks and wake-ups, and for its jobs. */
const besidePool = 8;

/** Fails at start, and not under the first load, where the processes together could ask for more connections than the server takes. */
export async function checkConnections(adminUrl: string, { processes, poolSize }: { processes: number; poolSize: number }): Promise<void> {
  const wanted = processes * (poolSize + besidePool);
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
