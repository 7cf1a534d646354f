import { system } from '@storegraph/auth';
import { isRefusal, type Id, type Problem } from '@storegraph/core';
import { first, insertRows, own, owned, savepoint, type Db, type Tx } from '@storegraph/database';
import { defineJob, type JobContext } from '@storegraph/jobs';
import { idOf } from '@storegraph/subgraph';
import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { columnOf, readRows, type ImportedRow } from './read.ts';
import { customerImportRejections, customerImports, type ImportRow, type RejectionRow } from './tables.ts';
import { writeRow, type Outcome, type RowCode } from './write.ts';

const perBatch = 100;
const attempts = 6;

/**
 * Reads the file of an import into customers: some rows in each transaction, which also keeps the place. Killed anywhere and started again, or run
 * twice at once, it reads no row twice and leaves none out. Events are of origin IMPORT.
 */
export const readCustomers = defineJob({
  name: 'customers.read-import',
  data: z.object({ importId: idOf('cim') }),
  retry: { attempts, firstDelaySeconds: 2, longestDelaySeconds: 300 },
  timeoutSeconds: 3_600,
  handle: (context, { importId }) => {
    if (context.storeId === null) throw new Error('An import is of a store.');
    return context.inStore(context.storeId, (db) => readImport(context, db, importId), 'IMPORT');
  },
});

async function readImport(context: JobContext, db: Db, id: Id<'cim'>): Promise<void> {
  const row = await db.read(async (tx) =>
    first(
      await tx
        .select()
        .from(customerImports)
        .where(own(tx, customerImports, eq(customerImports.id, id))),
    ),
  );
  if (typeof row?.content !== 'string') return;
  const rows = readRows(row.content);
  if (isRefusal(rows)) {
    const [problem] = rows.problems;
    await db.write((tx) => finish(tx, id, { status: 'FAILED', failure: problem?.message ?? null }, context.clock.now()));
    return;
  }
  try {
    for (let more = true; more;) {
      context.signal.throwIfAborted();
      more = await db.write((tx) => readBatch(context, tx, id, rows.value));
    }
  } catch (error) {
    if (context.attempt >= attempts) {
      await db.write((tx) =>
        finish(tx, id, { status: 'FAILED', failure: 'Something went wrong here. Start another import.' }, context.clock.now()),
      );
    }
    throw error;
  }
}

/** Tells whether there is more to read. */
async function readBatch({ clock }: JobContext, tx: Tx, id: Id<'cim'>, rows: readonly ImportedRow[]): Promise<boolean> {
  const row = first(
    await tx
      .select()
      .from(customerImports)
      .where(own(tx, customerImports, eq(customerImports.id, id)))
      .for('update'),
  );
  if (row?.status !== 'PENDING' && row?.status !== 'RUNNING') return false;
  const batch = rows.slice(row.rowsRead, row.rowsRead + perBatch);
  const counts = { created: row.created, updated: row.updated, skipped: row.skipped, rejected: row.rejected };
  const rejections: Omit<RejectionRow, 'storeId'>[] = [];
  const by = { identity: system(row.storeId), ip: null, userAgent: null, clock };
  for (const { line, input } of batch) {
    const outcome = await undone(tx, row, () => writeRow(by, tx, input, row.onExisting));
    if (typeof outcome === 'string') counts[outcome] += 1;
    else {
      counts.rejected += 1;
      rejections.push(...outcome.map((problem, position) => rejectionOf(id, line, position, problem)));
    }
  }
  await insertRows(
    tx,
    customerImportRejections,
    rejections.map((rejection) => owned(tx, rejection)),
  );
  const rowsRead = row.rowsRead + batch.length;
  await tx
    .update(customerImports)
    .set({ ...counts, rowsRead, status: 'RUNNING' })
    .where(own(tx, customerImports, eq(customerImports.id, id)));
  if (rowsRead < rows.length) return true;
  await finish(tx, id, { status: 'DONE' }, clock.now());
  return false;
}

/** Carries what a row came to out of a savepoint that it undoes. */
class Undone extends Error {
  readonly outcome: Outcome | readonly Problem<RowCode>[];

  constructor(outcome: Outcome | readonly Problem<RowCode>[]) {
    super('undone');
    this.outcome = outcome;
  }
}

/** A row that is refused leaves nothing behind, and in a dry run no row does. */
async function undone(
  tx: Tx,
  { dryRun }: ImportRow,
  write: () => ReturnType<typeof writeRow>,
): Promise<Outcome | readonly Problem<RowCode>[]> {
  try {
    return await savepoint(tx, async () => {
      const result = await write();
      if (isRefusal(result)) throw new Undone(result.problems);
      if (dryRun) throw new Undone(result.value);
      return result.value;
    });
  } catch (error) {
    if (error instanceof Undone) return error.outcome;
    throw error;
  }
}

const rejectionOf = (importId: Id<'cim'>, line: number, position: number, { code, message, field }: Problem<RowCode>) => ({
  importId,
  line,
  position,
  code,
  columnName: columnOf(field),
  message,
});

/** The file is not kept once it has been read. */
const finish = (tx: Tx, id: Id<'cim'>, end: { status: 'DONE' | 'FAILED'; failure?: string | null }, now: Date) =>
  tx
    .update(customerImports)
    .set({ ...end, content: null, finishedAt: now })
    .where(own(tx, customerImports, eq(customerImports.id, id)));

/** Deletes imports a month after they were begun, with their files and reports. */
export const expireImports = defineJob({
  name: 'customers.expire-imports',
  data: z.object({}),
  cron: '13 3 * * *',
  handle: ({ sweep, log }) =>
    sweep(async (tx) => {
      const gone = await tx.execute(sql`
        delete from ${customerImports} where (store_id, id) in (
          select store_id, id from ${customerImports} where expires_at <= now() order by expires_at limit 1000 for update skip locked)`);
      log.info({ count: gone.count }, 'Old imports are gone.');
    }),
});
