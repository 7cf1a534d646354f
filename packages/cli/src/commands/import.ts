import { basename, join, resolve } from 'node:path';
import { OperatorError, systemClock, type StoreId } from '@storegraph/core';
import { openDirect, type Pool } from '@storegraph/database';
import { createRuntime } from '@storegraph/subgraph';
import { demo, ensureDemoStore } from '../demo.ts';
import { openDeploymentPool, prepareDatabase, sealerOf } from '../deployment-database.ts';
import { domainNamed, domainsWithout } from '../domains.ts';
import { onlineRetail, withColumns } from '../import/layout.ts';
import { importOrderFile, type Summary } from '../import/orders.ts';
import { progressBar } from '../import/progress.ts';
import { inspect } from '../import/read.ts';
import { openReport } from '../import/report.ts';
import { print } from '../output.ts';
import { databaseOptions, databaseServer, deployment, type CommonOptions, type Deployment } from '../settings.ts';

export interface ImportCommandOptions extends CommonOptions {
  readonly store: string;
  readonly encoding?: string;
  readonly column?: readonly string[];
  readonly dateFormat?: string;
  readonly timeZone?: string;
  readonly currency?: string;
  readonly delimiter?: string;
  readonly report?: string;
}

/** Imports a file of order lines into a store and prints what became of every line. */
export async function importCommand(what: string, file: string, options: ImportCommandOptions): Promise<number> {
  if (what !== 'orders') throw new OperatorError(`"${what}" can not be imported.`, 'Known: orders.');
  const path = resolve(file);
  const layout = {
    ...withColumns(onlineRetail, options.column ?? []),
    ...(options.encoding === undefined ? {} : { encoding: options.encoding }),
    ...(options.dateFormat === undefined ? {} : { dateFormat: options.dateFormat }),
    ...(options.timeZone === undefined ? {} : { timeZone: options.timeZone }),
    ...(options.currency === undefined ? {} : { currency: options.currency }),
    ...(options.delimiter === undefined ? {} : { delimiter: options.delimiter }),
  };
  const inspected = await inspect(path, layout);
  const at = await deployment(options);
  const reportPath = resolve(options.report ?? join(at.dataDir, 'imports', `${basename(path)}.rejected.csv`));

  await using closing = new AsyncDisposableStack();
  const server = await databaseServer(at, { visit: true });
  closing.defer(() => server.stop());
  const database = databaseOptions(at, server.adminUrl, domainsWithout([]));
  await prepareDatabase(database);
  const pool = openDeploymentPool(database);
  closing.defer(() => pool.close());
  const storeId = await storeBySlug(pool, at, server.adminUrl, options.store);

  const admin = openDirect({ url: server.adminUrl });
  closing.defer(() => admin.close());
  const report = await openReport(reportPath);
  const bar = progressBar();
  try {
    const analyze = async (tables: readonly string[]) => void (await admin.query(`analyze ${tables.join(', ')}`));
    const summary = await importOrderFile({ pool, storeId, file: inspected, analyze, onRejected: report.add, onProgress: bar.update });
    bar.stop();
    await report.close();
    print(describe(summary, summary.rejected.lines > 0 ? reportPath : null));
    return 0;
  } finally {
    bar.stop();
    await report.close();
  }
}

async function storeBySlug(pool: Pool, at: Deployment, adminUrl: string, slug: string): Promise<StoreId> {
  const accounts = createRuntime(domainNamed('accounts'), { pool, clock: systemClock, log: at.log, sealer: sealerOf(at.secret) });
  const find = async () => (await accounts.exchange?.({ kind: 'STORE', slug }))?.storeId ?? null;
  let id = await find();
  if (id === null && at.settings.NODE_ENV !== 'production' && slug === demo.slug) {
    await makeDemoStore(at, adminUrl);
    id = await find();
  }
  if (id === null) throw new OperatorError(`There is no store "${slug}".`, 'Give the slug of one with --store.');
  return id;
}

/** Through the public API, as whoever opens a store does: the one time that an import needs the graph. */
async function makeDemoStore(at: Deployment, adminUrl: string): Promise<void> {
  const [{ startGraph }, { graphOptions }] = await Promise.all([import('../graph.ts'), import('../graph-options.ts')]);
  const running = await startGraph({ ...graphOptions(at, adminUrl, domainsWithout([])), port: 0 });
  await ensureDemoStore(`${running.gateway.url}/graphql`, []).finally(() => running.close());
}

function describe(summary: Summary, reportPath: string | null): string {
  const { orders, refunds, stockAdjustments, rejected } = summary;
  const row = (label: string, count: number, rest: string) => `  ${label.padEnd(18)}${String(count).padStart(9)}  ${rest}`;
  return [
    `${summary.lines} lines read:`,
    row('orders', orders.lines, `lines of ${orders.created} new orders and ${orders.existing} that were there`),
    row('refunds', refunds.lines, `lines of ${refunds.created} new refunds and ${refunds.existing} that were there`),
    row('stock adjustments', stockAdjustments.lines, `lines of ${stockAdjustments.invoices} invoices: no orders`),
    row('rejected', rejected.lines, reportPath ? `lines: see ${reportPath}` : 'lines'),
    `${summary.customersCreated} new customers.`,
  ].join('\n');
}
