import { newId, type Id } from '@storegraph/core';
import { one, own, owned, type Db, type Tx } from '@storegraph/database';
import { eq, inArray } from 'drizzle-orm';
import { byteOrderMark, csvText, type Cell } from './csv.ts';
import type { ExportRow, ExportTables } from './tables.ts';

/** How long a finished export can be fetched. */
const keptDays = 7;

/** Some of a list's things, as rows of the file: any number of rows for each. */
export interface Batch {
  readonly things: number;
  readonly rows: readonly (readonly Cell[])[];
  /** Where the next batch begins, or null when this was the last. */
  readonly next: string | null;
}

/** What an export is made of. Both run in the export's own transactions, as the system of its store. */
export interface ExportSource {
  readonly header: readonly string[];
  /** How many things there are to write, for the progress. */
  count(tx: Tx, filter: unknown): Promise<number>;
  /** The things behind the cursor, in an order that holds while the list changes. A few hundred: they are held in memory. */
  batch(tx: Tx, filter: unknown, cursor: string | null): Promise<Batch>;
}

/** Notes in the caller's transaction that an export is wanted. Enqueue its job in the same one. */
export async function requestExport(
  tx: Tx,
  { exports }: ExportTables,
  wanted: { kind: string; filter: unknown; at: Date },
): Promise<ExportRow> {
  const { kind, filter, at } = wanted;
  const expiresAt = new Date(at.getTime() + keptDays * 86_400_000);
  const values = { id: newId('exp'), kind, status: 'PENDING', filter, done: 0, chunks: 0, bytes: 0, expiresAt, createdAt: at } as const;
  return one(await tx.insert(exports).values(owned(tx, values)).returning());
}

/**
 * Writes what is still to be written, a batch in each transaction. The place is kept with the batch, under the export's lock: killed anywhere and
 * started again, or run twice at once, no row is written twice and none is left out.
 */
export async function writeExport(
  db: Db,
  tables: ExportTables,
  source: ExportSource,
  { id, at, signal }: { id: Id<'exp'>; at: () => Date; signal: AbortSignal },
): Promise<void> {
  for (let more = true; more;) {
    signal.throwIfAborted();
    more = await db.write((tx) => writeBatch(tx, tables, source, id, at()));
  }
}

async function writeBatch(
  tx: Tx,
  { exports, exportChunks }: ExportTables,
  source: ExportSource,
  id: Id<'exp'>,
  now: Date,
): Promise<boolean> {
  const which = own(tx, exports, eq(exports.id, id));
  const [row] = await tx.select().from(exports).where(which).for('update');
  if (!row || row.status === 'DONE' || row.status === 'FAILED') return false;
  const total = row.total ?? (await source.count(tx, row.filter));
  const { things, rows, next } = await source.batch(tx, row.filter, row.cursor);
  const content = `${row.chunks === 0 ? byteOrderMark + csvText([source.header]) : ''}${csvText(rows)}`;
  if (content !== '') await tx.insert(exportChunks).values(owned(tx, { exportId: id, position: row.chunks, content }));
  const done = row.done + things;
  await tx
    .update(exports)
    .set({
      status: next === null ? 'DONE' : 'RUNNING',
      // What came into the list meanwhile is written too.
      total: next === null ? done : Math.max(total, done),
      done,
      cursor: next,
      chunks: row.chunks + (content === '' ? 0 : 1),
      bytes: row.bytes + Buffer.byteLength(content),
      finishedAt: next === null ? now : null,
      updatedAt: now,
    })
    .where(which);
  return next !== null;
}

/** Says that an export will not be finished. What was written of it goes when it expires. */
export function failExport(db: Db, { exports }: ExportTables, id: Id<'exp'>, now: Date): Promise<unknown> {
  return db.write((tx) =>
    tx
      .update(exports)
      .set({ status: 'FAILED', finishedAt: now, updatedAt: now })
      .where(own(tx, exports, eq(exports.id, id), inArray(exports.status, ['PENDING', 'RUNNING']))),
  );
}
