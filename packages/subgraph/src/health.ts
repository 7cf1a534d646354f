import { system } from '@storegraph/auth';
import type { Pool } from '@storegraph/database';

/** Whether the domain's role can work: the database answers, and the migrator has made the schema and the kernel's tables in it. */
export async function isReady(pool: Pool, domain: string): Promise<boolean> {
  const db = pool.session({ domain, identity: system(null), correlationId: 'health', origin: 'LIVE' });
  try {
    await db.read((tx) => tx.execute(`select from "${domain}".handled_events limit 0`));
    return true;
  } catch {
    return false;
  } finally {
    await db.end().catch(() => undefined);
  }
}
