import { newId } from '@storegraph/core';
import { expect, test } from 'vitest';
import { world } from '../../../test/world.ts';
import { exportCustomers } from '../../customer-export/jobs.ts';
import { readCustomers } from '../jobs.ts';

const { create, mutate, refused, staff, stranger, storeId, runJob, runtime, events, admin } = await world();
const fields =
  'id status dryRun uploadUrl rowsRead created updated skipped rejected failure rejections(first: 100) { nodes { line column code } }';

interface Import {
  readonly id: `cim_${string}`;
  readonly uploadUrl: string | null;
  readonly [field: string]: unknown;
}

const open = async (input: object = {}) =>
  (
    await mutate<{ import: Import }>(
      'customerImportCreate',
      { idempotencyKey: newId('req'), onExisting: 'UPDATE', ...input },
      `import { ${fields} }`,
    )
  ).import;
const send = (url: string | null, body: string | Uint8Array<ArrayBuffer>) =>
  runtime.handlePublic(new Request(`http://subgraph${(url ?? '/none').replace('/customers', '')}`, { method: 'PUT', body }), {
    requestId: 'test',
    ip: null,
  });
const again = async (id: string, client = staff) =>
  (await client.data<{ customerImport: Import | null }>(`query ($id: ID!) { customerImport(id: $id) { ${fields} } }`, { id }))
    .customerImport;

/** Sends a file and reads it, as the worker does. */
async function imported(csv: string, input: object = {}): Promise<Import | null> {
  const { id, uploadUrl } = await open(input);
  expect((await send(uploadUrl, csv)).status).toBe(202);
  await runJob(readCustomers, { importId: id }, { storeId });
  return again(id);
}

const found = async (query: string) =>
  (
    await staff.data<{ customers: { nodes: Record<string, unknown>[] } }>(
      `query ($query: String) { customers(query: $query) { nodes { id firstName lastName tags note country contactPoints { channel address } addresses { line1 city } } } }`,
      { query },
    )
  ).customers.nodes;

test('rows become customers, and those that can not are listed by line, column and reason', async () => {
  const csv = [
    'external_id;first_name;last_name;email;phone;gender;country;tags;note;address_line1;address_city;address_country',
    'C-1;Anna;Li;Anna@Example.com;210 123 4567;female;GR;VIP;"two',
    'lines";1 Street;Athens;GR',
    'C-2;Bo;;not-an-address;;;XX;;;;;',
    ';;;;;;;;;;;',
    'C-3;Cy;;anna@example.com;;;;;;;;',
    'C-4;Dee;;;;;;;;;Rome;IT',
  ].join('\n');
  expect(await imported(csv)).toMatchObject({
    status: 'DONE',
    uploadUrl: null,
    rowsRead: 5,
    created: 1,
    updated: 1,
    skipped: 0,
    rejected: 3,
    failure: null,
    rejections: {
      nodes: [
        { line: 4, column: 'country', code: 'INVALID' },
        { line: 5, column: null, code: 'REQUIRED' },
        { line: 7, column: 'address_line1', code: 'REQUIRED' },
      ],
    },
  });
  expect(await found('anna@example.com')).toMatchObject([
    {
      firstName: 'Cy',
      lastName: 'Li',
      tags: ['vip'],
      note: 'two\nlines',
      contactPoints: [
        { channel: 'EMAIL', address: 'anna@example.com' },
        { channel: 'PHONE', address: '+302101234567' },
        { channel: 'EXTERNAL', address: 'C-1' },
        { channel: 'EXTERNAL', address: 'C-3' },
      ],
      addresses: [{ line1: '1 Street', city: 'Athens' }],
    },
  ]);
  const told = await events();
  expect(new Set(told.map(({ origin }) => origin))).toEqual(new Set(['IMPORT']));
  const [kept] = await admin('select count(content)::int as files from customers.customer_imports');
  expect(kept).toEqual({ files: 0 });
});

test('the same file again changes nothing, and what is left empty stays', async () => {
  const csv = 'email,first_name,tags\nsame@example.com,Same,a\n';
  expect(await imported(csv)).toMatchObject({ created: 1 });
  const count = (await events()).length;
  expect(await imported(csv)).toMatchObject({ created: 0, updated: 0, skipped: 1 });
  expect((await events()).length).toBe(count);
  expect(await imported('email,first_name,tags,note\nsame@example.com,,b,New\n', { onExisting: 'SKIP' })).toMatchObject({ skipped: 1 });
  expect(await imported('email,first_name,tags,note\nsame@example.com,,b,New\n')).toMatchObject({ updated: 1 });
  expect(await found('same@example.com')).toMatchObject([{ firstName: 'Same', tags: ['a', 'b'], note: 'New' }]);
});

test('a dry run says what would happen, and nothing does', async () => {
  const [before] = await admin(
    'select (select count(*) from customers.customers) customers, (select count(*) from events.log) events, (select sum(last_number) from customers.stores) numbers',
  );
  expect(await imported('first_name,email\nDry,dry@example.com\nBad,nobody\n', { dryRun: true })).toMatchObject({
    status: 'DONE',
    created: 1,
    rejected: 1,
    rejections: { nodes: [{ line: 3, column: 'email', code: 'INVALID' }] },
  });
  const [after] = await admin(
    'select (select count(*) from customers.customers) customers, (select count(*) from events.log where type not in ($1)) events, (select sum(last_number) from customers.stores) numbers',
    ['activity.recorded'],
  );
  expect({ ...after, events: 0 }).toEqual({ ...before, events: 0 });
  expect(await found('dry@example.com')).toEqual([]);
});

test('a file that was exported can be read again, whatever it holds, and changes nothing', async () => {
  await create({
    firstName: '=SUM(A1)',
    lastName: "'quoted",
    email: 'formula@example.com',
    phone: '+302107654321',
    note: '+1',
    tags: ['x'],
  });
  const { export: made } = await mutate<{ export: { id: `exp_${string}` } }>(
    'customerExportCreate',
    { idempotencyKey: newId('req'), filter: { tagsAny: ['x'] } },
    'export { id }',
  );
  await runJob(exportCustomers, { exportId: made.id }, { storeId });
  const { customerExport } = await staff.data<{ customerExport: { downloadUrl: string } }>(
    'query ($id: ID!) { customerExport(id: $id) { downloadUrl } }',
    { id: made.id },
  );
  const file = await runtime.handlePublic(new Request(`http://subgraph${customerExport.downloadUrl.replace('/customers', '')}`), {
    requestId: 't',
    ip: null,
  });
  expect(await imported(await file.text())).toMatchObject({ status: 'DONE', created: 0, updated: 0, skipped: 1, rejected: 0 });
});

test('a worker that dies between two batches reads no row twice and leaves none out', async () => {
  const rows = Array.from({ length: 250 }, (_, at) => `Row ${at},row${at}@example.com`);
  const { id, uploadUrl } = await open();
  await send(uploadUrl, ['first_name,email', ...rows].join('\n'));
  let left = 2;
  const signal = {
    throwIfAborted: () => {
      left -= 1;
      if (left < 0) throw new Error('The worker is gone');
    },
  } as AbortSignal;
  await expect(runJob(readCustomers, { importId: id }, { storeId, signal })).rejects.toThrow('The worker is gone');
  expect(await again(id)).toMatchObject({ status: 'RUNNING', rowsRead: 200, created: 200 });
  await Promise.all([1, 2].map((attempt) => runJob(readCustomers, { importId: id }, { storeId, attempt })));
  expect(await again(id)).toMatchObject({ status: 'DONE', rowsRead: 250, created: 250, skipped: 0, rejected: 0 });
});

test.each([
  ['a column that is not known', 'first_name,shoe_size\nA,42\n', 'shoe_size'],
  ['a column twice', 'email,email\na@b.test,c@d.test\n', 'twice'],
  ['an open quote', 'first_name\n"A\n', 'CSV'],
])('a file with %s fails as a whole', async (_, csv, reason) => {
  const result = await imported(csv);
  expect(result).toMatchObject({ status: 'FAILED', rowsRead: 0 });
  expect(result?.['failure']).toContain(reason);
});

test('bad input: a used key, a file that is no text, a second file, a stranger, a changed link', async () => {
  await open({ idempotencyKey: 'used' });
  expect(await refused('customerImportCreate', { idempotencyKey: 'used', onExisting: 'SKIP' })).toEqual([
    ['IDEMPOTENCY_KEY_REUSED', 'idempotencyKey'],
  ]);
  expect(await refused('customerImportCreate', { idempotencyKey: ' ', onExisting: 'SKIP' })).toEqual([['INVALID', 'idempotencyKey']]);
  const { id, uploadUrl } = await open();
  expect((await send(uploadUrl, new Uint8Array([0xff, 0xfe, 0x41]))).status).toBe(400);
  expect((await send(uploadUrl, '')).status).toBe(400);
  expect((await send(`${uploadUrl ?? ''}A`, 'first_name\nA\n')).status).toBe(404);
  expect((await send(uploadUrl, 'first_name\nA\n')).status).toBe(202);
  expect((await send(uploadUrl, 'first_name\nB\n')).status).toBe(409);
  expect(await again(id, stranger)).toBeNull();
});
