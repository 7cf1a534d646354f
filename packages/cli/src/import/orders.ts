import { system } from '@storegraph/auth';
import { newId, type CustomerId, type StoreId } from '@storegraph/core';
import { importCustomers } from '@storegraph/customers';
import type { Pool } from '@storegraph/database';
import { importOrders, importRefunds, type ImportedOrder, type ImportedRefund } from '@storegraph/orders';
import { countryCode } from './country.ts';
import { invoices, type Invoice } from './invoice.ts';
import { positions, type Layout } from './layout.ts';
import { isRejection, lineReader, type InvoiceLine, type Rejection } from './line.ts';
import { readLines, type InspectedFile } from './read.ts';

/** What became of every line of the file. The counts of lines add up to `lines`. */
export interface Summary {
  lines: number;
  readonly orders: Counts;
  readonly refunds: Counts;
  readonly stockAdjustments: { invoices: number; lines: number };
  readonly rejected: { lines: number };
  customersCreated: number;
}

interface Counts {
  created: number;
  /** There already, from an earlier run. */
  existing: number;
  lines: number;
}

export interface ImportOptions {
  readonly pool: Pool;
  readonly storeId: StoreId;
  /** As `inspect` gives it. */
  readonly file: InspectedFile;
  /**
   * Gathers the planner's statistics of the tables named, when the first rows are in them. Of tables that were empty PostgreSQL knows nothing, and
   * then looks each line's order up by an index that reads all orders of the store.
   */
  readonly analyze: (tables: readonly string[]) => Promise<void>;
  readonly onRejected: (rejection: Rejection) => Promise<void> | void;
  readonly onProgress?: (bytes: number, total: number) => void;
}

/** Lines per transaction: enough that its cost is spread, few enough that a killed import repeats little. The first only shows the tables' shape. */
const firstBatchLines = 1_000;
const batchLines = 10_000;

/** The tables that foreign keys of the imported rows lead to. */
const referenced = ['customers.customers', 'orders.orders', 'orders.refunds'];

/**
 * Imports order lines from a CSV file, in batches, as events of origin IMPORT. Running it again, also after it was killed, leads to the same
 * end state: each batch writes customers first, then what refers to them, and skips what is there.
 */
export async function importOrderFile(options: ImportOptions): Promise<Summary> {
  const { file, onProgress } = options;
  const { layout } = file;
  const summary: Summary = {
    lines: 0,
    orders: { created: 0, existing: 0, lines: 0 },
    refunds: { created: 0, existing: 0, lines: 0 },
    stockAdjustments: { invoices: 0, lines: 0 },
    rejected: { lines: 0 },
    customersCreated: 0,
  };

  const reject = async (rejection: Rejection) => {
    summary.rejected.lines += 1;
    await options.onRejected(rejection);
  };
  async function* checkedLines(): AsyncGenerator<InvoiceLine> {
    let read: ReturnType<typeof lineReader> | undefined;
    for await (const raw of readLines(file, (bytes) => onProgress?.(bytes, file.bytes))) {
      if (!read) {
        read = lineReader(
          layout,
          positions(
            layout,
            raw.cells.map((cell) => cell.trim()),
          ),
          raw.cells.length,
        );
        continue;
      }
      summary.lines += 1;
      const line = read(raw);
      if (isRejection(line)) await reject(line);
      else yield line;
    }
    // An empty file has no header either.
    if (!read) positions(layout, []);
  }

  let batch: Invoice[] = [];
  let size = 0;
  // One batch is written while the next is read.
  let writing: Promise<void> | undefined;
  const write = async () => {
    await writing;
    const first = writing === undefined;
    writing = writeBatch(options, batch, summary).then(() => (first ? options.analyze(referenced) : undefined));
    // Awaited before the next batch or at the end; until then a failure must not count as unhandled.
    writing.catch(() => undefined);
    [batch, size] = [[], 0];
  };
  try {
    for await (const invoice of invoices(checkedLines())) {
      if (invoice.kind === 'REJECTED') {
        for (const rejection of invoice.rejections) await reject(rejection);
        continue;
      }
      if (invoice.kind === 'STOCK_ADJUSTMENT') {
        summary.stockAdjustments.invoices += 1;
        summary.stockAdjustments.lines += invoice.lines.length;
        continue;
      }
      batch.push(invoice);
      size += invoice.lines.length;
      if (size >= (writing ? batchLines : firstBatchLines)) await write();
    }
    if (batch.length > 0) await write();
  } finally {
    await writing;
  }
  return summary;
}

async function writeBatch({ pool, storeId, file: { layout } }: ImportOptions, batch: readonly Invoice[], summary: Summary): Promise<void> {
  const session = (domain: string) => pool.session({ domain, identity: system(storeId), correlationId: newId('imp'), origin: 'IMPORT' });
  const of = (kind: Invoice['kind']) =>
    batch.flatMap((invoice) => (invoice.kind === kind && invoice.kind !== 'REJECTED' ? [invoice.lines] : []));

  const ids = await withSession(session('customers'), async (db) => {
    const { ids: found, created } = await db.write((tx) => importCustomers(tx, customersOf(batch)));
    summary.customersCreated += created;
    return found;
  });
  await withSession(session('orders'), async (db) => {
    const [placed, returned] = [of('ORDER'), of('REFUND')];
    const [orders, refunds] = await db.write(async (tx) => [
      await importOrders(
        tx,
        placed.map((lines) => toOrder(lines, ids, layout)),
      ),
      await importRefunds(
        tx,
        returned.map((lines) => toRefund(lines, ids, layout)),
      ),
    ]);
    add(summary.orders, orders, placed);
    add(summary.refunds, refunds, returned);
  });
}

async function withSession<D extends { end(): Promise<void> }, T>(db: D, use: (db: D) => Promise<T>): Promise<T> {
  try {
    return await use(db);
  } finally {
    await db.end();
  }
}

function add(
  counts: Counts,
  written: { created: number; existing: number } | undefined,
  invoiceLines: readonly (readonly InvoiceLine[])[],
): void {
  counts.created += written?.created ?? 0;
  counts.existing += written?.existing ?? 0;
  counts.lines += invoiceLines.reduce((sum, lines) => sum + lines.length, 0);
}

function customersOf(batch: readonly Invoice[]) {
  const seen = new Map<string, { externalId: string; countryCode: string | null; firstSeenAt: Date }>();
  for (const invoice of batch) {
    const first = invoice.kind === 'REJECTED' ? undefined : head(invoice.lines);
    if (first?.customer && !seen.has(first.customer)) {
      seen.set(first.customer, { externalId: first.customer, countryCode: countryCode(first.country), firstSeenAt: first.at });
    }
  }
  return [...seen.values()];
}

function toOrder(lines: readonly InvoiceLine[], ids: ReadonlyMap<string, CustomerId>, layout: Layout): ImportedOrder {
  const first = head(lines);
  return {
    externalId: first.invoice,
    // An invoice that spans two minutes was placed in the first of them.
    placedAt: first.at,
    currency: layout.currency,
    customerId: first.customer === null ? null : (ids.get(first.customer) ?? null),
    countryCode: countryCode(first.country),
    lines: lines.map(({ sku, name, quantity, unitPrice }) => ({ sku, name, quantity, unitPrice })),
  };
}

function toRefund(lines: readonly InvoiceLine[], ids: ReadonlyMap<string, CustomerId>, layout: Layout): ImportedRefund {
  const first = head(lines);
  return {
    externalId: first.invoice,
    refundedAt: first.at,
    currency: layout.currency,
    customerId: first.customer === null ? null : (ids.get(first.customer) ?? null),
    lines: lines.map(({ sku, name, quantity, unitPrice }) => ({ sku, name, quantity: -quantity, unitPrice })),
  };
}

function head(lines: readonly InvoiceLine[]): InvoiceLine {
  const [first] = lines.toSorted((a, b) => a.at.getTime() - b.at.getTime());
  if (!first) throw new Error('An invoice without lines.');
  return first;
}
