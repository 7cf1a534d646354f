import { silentLogger, systemClock, toUuid, type Id } from '@storegraph/core';
import type { JobContext } from '@storegraph/jobs';
import { identity } from '@storegraph/testing';
import { parse } from 'csv-parse/sync';
import { beforeAll, expect, it } from 'vitest';
import { fillStore } from '../../../test/fill.ts';
import { key, line, ordersHarness, type Desk, type OrdersHarness } from '../../../test/desk.ts';
import { exportOrders, expireExports } from '../jobs.ts';

let orders: OrdersHarness;
let desk: Desk;
beforeAll(async () => {
  orders = await ordersHarness();
  desk = orders.desk();
  await fillStore(orders, desk.storeId, 620);
});

const shown = '{ id status ordersTotal ordersWritten bytes downloadUrl finishedAt }';

interface Shown {
  readonly id: Id<'exp'>;
  readonly status: string;
  readonly ordersTotal: number | null;
  readonly ordersWritten: number;
  readonly bytes: number;
  readonly downloadUrl: string | null;
}

async function create(of: Desk, filter?: object, idempotencyKey = key()): Promise<Shown> {
  const { export: made, userErrors } = await of.mutate<{ export: Shown }>(
    'orderExportCreate',
    { filter, idempotencyKey },
    `export ${shown}`,
  );
  expect(userErrors).toEqual([]);
  return made;
}

const again = async (of: Desk, { id }: Shown): Promise<Shown> =>
  (await of.staff.data<{ orderExport: Shown }>(`query ($id: ID!) { orderExport(id: $id) ${shown} }`, { id })).orderExport;

/** Runs the job as a worker does; `batches` of it, and then the worker is gone. */
async function write(of: Desk, { id }: Shown, { batches = Infinity, attempt = 1 } = {}): Promise<void> {
  const db = orders.pool.session({ domain: 'orders', identity: identity.system(of.storeId), correlationId: key(), origin: 'LIVE' });
  let left = batches;
  const signal = {
    throwIfAborted: () => {
      if ((left -= 1) < 0) throw new Error('The worker is gone');
    },
  };
  const context = { db, attempt, clock: systemClock, signal: signal as AbortSignal, storeId: of.storeId } as unknown as JobContext;
  try {
    await exportOrders.handle(context, { exportId: id });
  } finally {
    await db.end();
  }
}

const fetch = (url: string | null) =>
  orders.runtime.handlePublic(new Request(`http://subgraph${(url ?? '').replace('/orders', '')}`), { requestId: key(), ip: null });

async function rowsOf(response: Response): Promise<Record<string, string>[]> {
  return parse(Buffer.from(await response.arrayBuffer()), { bom: true, columns: true, record_delimiter: '\r\n' });
}

it('writes the orders of a filter, a row for each line, oldest first, and gives them through a link', async () => {
  const one = orders.desk();
  await one.order({
    externalId: 'A',
    source: 'SHOP',
    contact: { name: '=cmd()', email: 'eve@example.com' },
    lines: [line({ name: '+1', discount: 250 }), line({ sku: null, name: 'Ωmega, "quoted"', quantity: 1, unitPrice: 5 })],
    placedAt: '2026-01-02T00:00:00.000Z',
  });
  await one.order({ externalId: 'B', source: 'SHOP', currency: 'JPY', placedAt: '2026-01-01T00:00:00.000Z' });
  await one.order({ externalId: 'C', source: 'OTHER' });
  const made = await create(one, { source: 'SHOP' });
  expect(made).toMatchObject({ status: 'PENDING', ordersTotal: null, ordersWritten: 0, downloadUrl: null });
  await write(one, made);
  const done = await again(one, made);
  expect(done).toMatchObject({ status: 'DONE', ordersTotal: 2, ordersWritten: 2 });
  const answer = await fetch(done.downloadUrl);
  expect([answer.status, answer.headers.get('content-type'), answer.headers.get('content-length')]).toEqual([
    200,
    'text/csv; charset=utf-8',
    String(done.bytes),
  ]);
  expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="orders-\d{4}-\d\d-\d\d\.csv"$/);
  const rows = await rowsOf(answer);
  const picked = rows.map((row) => [
    row['external_id'],
    row['name'],
    row['currency'],
    row['total'],
    row['line_name'],
    row['line_unit_price'],
    row['line_total'],
  ]);
  expect(picked).toEqual([
    ['B', '', 'JPY', '2500', 'Lantern', '1250', '2500'],
    ['A', "'=cmd()", 'EUR', '22.55', "'+1", '12.50', '22.50'],
    ['A', "'=cmd()", 'EUR', '22.55', 'Ωmega, "quoted"', '0.05', '0.05'],
  ]);
});

it('goes on where a killed worker stopped, and two workers at once write each row once', async () => {
  const made = await create(desk);
  await expect(write(desk, made, { batches: 1 })).rejects.toThrow('The worker is gone');
  expect(await again(desk, made)).toMatchObject({ status: 'RUNNING', ordersTotal: 620, ordersWritten: 250 });
  await Promise.all([write(desk, made), write(desk, made)]);
  const done = await again(desk, made);
  expect(done).toMatchObject({ status: 'DONE', ordersTotal: 620, ordersWritten: 620 });
  const numbers = (await rowsOf(await fetch(done.downloadUrl))).map((row) => row['order']);
  expect(numbers).toEqual(Array.from({ length: 620 }, (_, index) => String(index + 1)));
  // Once done, it stays as it is.
  await write(desk, made);
  expect((await again(desk, made)).bytes).toBe(done.bytes);
});

it('is FAILED when the last attempt fails', async () => {
  const made = await create(desk);
  await expect(write(desk, made, { batches: 0, attempt: 6 })).rejects.toThrow('The worker is gone');
  expect(await again(desk, made)).toMatchObject({ status: 'FAILED', downloadUrl: null });
});

it('gives the same export for the same key, and tells how it stands now', async () => {
  const [idempotencyKey, filter] = [
    key(),
    { query: 'nobody at all', placedFrom: '2026-01-01T00:00:00.000Z', total: { currency: 'EUR', from: 1 } },
  ];
  const made = await create(desk, filter, idempotencyKey);
  await write(desk, made);
  expect(await create(desk, filter, idempotencyKey)).toMatchObject({ id: made.id, status: 'DONE', ordersTotal: 0 });
  expect(await rowsOf(await fetch((await again(desk, made)).downloadUrl))).toEqual([]);
  expect(await desk.refused('orderExportCreate', { filter: {}, idempotencyKey })).toEqual([['IDEMPOTENCY_KEY_REUSED', 'idempotencyKey']]);
});

it("opens no link that was changed, is another store's, or is gone", async () => {
  const other = orders.desk();
  const made = await create(other);
  await write(other, made);
  const { downloadUrl } = await again(other, made);
  const changed = `${downloadUrl?.slice(0, -4) ?? ''}AAAA`;
  expect([(await fetch(changed)).status, (await fetch('/orders/public/exports/nonsense')).status]).toEqual([404, 404]);
  expect(await desk.staff.data('query ($id: ID!) { orderExport(id: $id) { id } }', { id: made.id })).toEqual({ orderExport: null });
  await orders.admin('update orders.exports set expires_at = now() where id = $1', [toUuid(made.id)]);
  expect((await fetch(downloadUrl)).status).toBe(404);
  const context = { sweep: (work: never) => orders.pool.sweep('orders', work), log: silentLogger, signal: new AbortController().signal };
  await expireExports.handle(context as unknown as JobContext, {});
  expect(await orders.admin('select count(*)::int as left from orders.export_chunks where export_id = $1', [toUuid(made.id)])).toEqual([
    { left: 0 },
  ]);
  expect(await other.staff.data('{ orderExports { totalCount nodes { id } } }')).toEqual({ orderExports: { totalCount: 0, nodes: [] } });
});

it('answers bad input with the codes and the places of its fields', async () => {
  expect(await desk.refused('orderExportCreate', { idempotencyKey: '', filter: { query: 'x'.repeat(201), sku: '' } })).toEqual([
    ['REQUIRED', 'idempotencyKey'],
    ['REQUIRED', 'filter.sku'],
    ['TOO_LONG', 'filter.query'],
  ]);
});

it('knows no customer of another store', async () => {
  const customerId = await orders.desk().customer();
  expect(await desk.refused('orderExportCreate', { idempotencyKey: key(), filter: { customerId } })).toEqual([
    ['NOT_FOUND', 'filter.customerId'],
  ]);
});

it('is for those alone who may export', async () => {
  const clerk = desk.as(identity.staff(desk.storeId, ['orders:read', 'orders:write']));
  const answer = await clerk.run('mutation ($input: OrderExportCreateInput!) { orderExportCreate(input: $input) { export { id } } }', {
    input: { idempotencyKey: key() },
  });
  expect(answer.errors?.map(({ extensions }) => extensions?.['code'])).toEqual(['FORBIDDEN']);
});
