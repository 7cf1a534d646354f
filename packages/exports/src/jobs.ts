import { defineJob, type Job } from '@storegraph/jobs';
import { idOf } from '@storegraph/subgraph';
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { failExport, writeExport, type ExportSource } from './write.ts';
import type { ExportTables } from './tables.ts';

const attempts = 6;

/** The job that writes an export: `{ exportId }`. Tried again it goes on where it stopped; given up, the export is FAILED. */
export const exportJob = ({
  name,
  tables,
  source,
}: {
  name: string;
  tables: ExportTables;
  source: ExportSource;
}): Job<{ exportId: `exp_${string}` }> =>
  defineJob({
    name,
    data: z.object({ exportId: idOf('exp') }),
    retry: { attempts, firstDelaySeconds: 2, longestDelaySeconds: 300 },
    timeoutSeconds: 3_600,
    handle: async ({ db, attempt, signal, clock }, { exportId: id }) => {
      const at = () => clock.now();
      try {
        await writeExport(db, tables, source, { id, at, signal });
      } catch (error) {
        if (attempt >= attempts) await failExport(db, tables, id, at());
        throw error;
      }
    },
  });

/** A batch is what one transaction deletes: an export may have thousands of chunks. */
const perBatch = 20;

/** The job that deletes expired exports with their chunks, of every store, and gives up those whose worker died for good. */
export const expiryJob = ({ name, tables, cron }: { name: string; tables: ExportTables; cron: string }): Job<object> =>
  defineJob({
    name,
    data: z.object({}),
    cron,
    handle: async ({ sweep, log, signal }) => {
      const { exports } = tables;
      await sweep((tx) =>
        tx.execute(sql`
          update ${exports} set status = 'FAILED', finished_at = now(), updated_at = now()
          where status in ('PENDING', 'RUNNING') and updated_at < now() - interval '1 day'`),
      );
      for (let more = true; more;) {
        signal.throwIfAborted();
        const gone = await sweep((tx) =>
          tx.execute(sql`
            delete from ${exports} where (store_id, id) in (
              select store_id, id from ${exports} where expires_at <= now() order by expires_at limit ${perBatch} for update skip locked)`),
        );
        log.info({ count: gone.count }, 'Expired exports are gone.');
        more = gone.count === perBatch;
      }
    },
  });
