import { join } from 'node:path';
import { fromUuid } from '@storegraph/core';
import { openDeploymentPool } from '../deployment-database.ts';
import { onlineRetail } from '../import/layout.ts';
import { importOrderFile } from '../import/orders.ts';
import { inspect } from '../import/read.ts';
import { compared, inMilliseconds, median, milliseconds, type Measurement } from './measure.ts';
import { writeOrdersFile } from './orders-file.ts';
import { onStage, type Stage } from './stage.ts';

const lines = 40_000;
const rounds = 5;

/** Every table that an import fills. */
const filled = [
  'customers.customers',
  'customers.contact_points',
  'orders.orders',
  'orders.order_lines',
  'orders.order_events',
  'orders.order_payments',
  'orders.refunds',
  'orders.refund_lines',
  'orders.known_customers',
  'events.log',
];

/**
 * The import into an empty store against a plain COPY of the rows that it leaves behind into tables without keys, checks or policies, and
 * against an import of four times the lines. Medians of rounds that take turns.
 */
export function benchImport({ file }: { readonly file?: string | undefined }): Promise<Measurement[]> {
  return onStage(async (stage) => {
    // The command writes through a pool of its own; no graph handles the events meanwhile.
    await stage.graph.close();
    const path = file ?? join(stage.folder, 'orders.csv');
    if (file === undefined) await writeOrdersFile(path, lines);
    const [single, fourfold] = [join(stage.folder, 'single.csv'), join(stage.folder, 'fourfold.csv')];
    await writeOrdersFile(single, lines);
    await writeOrdersFile(fourfold, lines * 4);

    const times: Record<'ours' | 'copy' | 'single' | 'fourfold', number[]> = { ours: [], copy: [], single: [], fourfold: [] };
    let imported = { lines: 0, rows: 0 };
    for (let round = 0; round < rounds; round += 1) {
      const ours = await timedImport(stage, path);
      const copied = await timedCopy(stage);
      times.ours.push(ours.time);
      times.copy.push(copied.time);
      imported = { lines: ours.lines, rows: copied.rows };
      times.single.push((await timedImport(stage, single)).time);
      times.fourfold.push((await timedImport(stage, fourfold)).time);
    }
    return [
      compared(
        `import of ${imported.lines} lines, against COPY of its ${imported.rows} rows into bare tables`,
        { ours: median(times.ours), reference: median(times.copy) },
        6,
      ),
      {
        name: `import of ${lines * 4} lines, against ${lines}`,
        ours: inMilliseconds(median(times.fourfold)),
        reference: inMilliseconds(median(times.single)),
        ratio: median(times.fourfold) / median(times.single),
        aim: 4.6,
      },
    ];
  });
}

/** Imports into a store that has nothing. */
async function timedImport({ bare, options, storeUuid }: Stage, path: string): Promise<{ time: number; lines: number }> {
  await bare.query(`truncate ${filled.join(', ')} cascade`);
  const pool = openDeploymentPool(options);
  const analyze = async (tables: readonly string[]) => void (await bare.query(`analyze ${tables.join(', ')}`));
  try {
    let read = 0;
    const time = await milliseconds(async () => {
      const storeId = fromUuid('sto', storeUuid);
      const file = await inspect(path, onlineRetail);
      read = (await importOrderFile({ pool, storeId, file, analyze, onRejected: () => {} })).lines;
    });
    return { time, lines: read };
  } finally {
    await pool.close();
  }
}

/** Copies the rows of each table out, and times how long the server takes to copy the same text into a bare table, each in its own transaction. */
async function timedCopy({ bare, folder }: Stage): Promise<{ time: number; rows: number }> {
  let [time, rows] = [0, 0];
  for (const table of filled) {
    const copy = `public.bare_${table.replace('.', '_')}`;
    const path = join(folder, 'postgres', `${copy}.copy`);
    await bare.query(`copy ${table} to '${path}'`);
    await bare.query(`create table ${copy} as table ${table} with no data`);
    time += await milliseconds(() => bare.query(`copy ${copy} from '${path}'`));
    const [counted] = await bare.query<{ count: string }>(`select count(*)::text as count from ${copy}`);
    rows += Number(counted?.count ?? 0);
    await bare.query(`drop table ${copy}`);
  }
  return { time, rows };
}
