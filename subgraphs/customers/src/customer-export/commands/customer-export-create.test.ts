import { newId } from '@storegraph/core';
import { identity } from '@storegraph/testing';
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { world } from '../../../test/world.ts';
import { exportCustomers } from '../jobs.ts';

const here = await world();
const { create, mutate, refused, staff, stranger, storeId, runJob, runtime, as } = here;
const shown = 'export { id status customersTotal customersWritten downloadUrl }';

interface Export {
  readonly id: `exp_${string}`;
  readonly status: string;
  readonly customersWritten: number;
  readonly downloadUrl: string | null;
}

const begin = async (input: object = {}) =>
  (await mutate<{ export: Export }>('customerExportCreate', { idempotencyKey: newId('req'), ...input }, shown)).export;
const again = async (id: string, client = staff) =>
  (await client.data<{ customerExport: Export | null }>(`query ($id: ID!) { customerExport(id: $id) { ${shown.slice(9, -2)} } }`, { id }))
    .customerExport;
const fetched = (url: string | null | undefined) =>
  runtime.handlePublic(new Request(`http://subgraph${(url ?? '/none').replace('/customers', '')}`), { requestId: 'test', ip: null });

test('customers come as rows by number, with nothing that a spreadsheet would run', async () => {
  await create({
    firstName: '=cmd()',
    lastName: 'Ωmega, "x"',
    email: 'one@example.com',
    phone: '+302101234567',
    externalId: 'E-1',
    externalSource: 'ERP',
    tags: ['vip', 'a'],
    note: '-1\nsecond line',
    addresses: [{ line1: '1 Street', city: 'Athens', country: 'GR' }],
  });
  await create({ firstName: 'Plain', tags: ['other'] });
  const { id, status } = await begin();
  expect(status).toBe('PENDING');
  await runJob(exportCustomers, { exportId: id }, { storeId });
  const done = await again(id);
  expect(done).toMatchObject({ status: 'DONE', customersTotal: 2, customersWritten: 2 });
  const response = await fetched(done?.downloadUrl);
  expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  const rows = parse<Record<string, string>>(Buffer.from(await response.arrayBuffer()), {
    bom: true,
    columns: true,
    record_delimiter: '\r\n',
  });
  expect(rows).toMatchObject([
    {
      number: '1',
      first_name: "'=cmd()",
      last_name: 'Ωmega, "x"',
      email: 'one@example.com',
      phone: "'+302101234567",
      external_id: 'E-1',
      external_source: 'ERP',
      tags: 'a;vip',
      note: "'-1\nsecond line",
      address_line1: '1 Street',
      address_country: 'GR',
    },
    { number: '2', first_name: 'Plain', email: '', tags: 'other' },
  ]);
});

test('a filter narrows the file, and one key makes one export', async () => {
  const input = { idempotencyKey: 'the-same', filter: { tagsAny: ['vip'] } };
  const [first, second] = [await begin(input), await begin(input)];
  expect(second.id).toBe(first.id);
  await runJob(exportCustomers, { exportId: first.id }, { storeId });
  expect(await again(first.id)).toMatchObject({ status: 'DONE', customersWritten: 1 });
});

test("another store's export, and a link that was changed, lead nowhere", async () => {
  const { id } = await begin();
  await runJob(exportCustomers, { exportId: id }, { storeId });
  expect(await again(id, stranger)).toBeNull();
  const url = (await again(id))?.downloadUrl ?? '';
  expect((await fetched(`${url.slice(0, -4)}AAAA`)).status).toBe(404);
  expect((await fetched(url)).status).toBe(200);
});

test('given up by its last worker it is FAILED, and stays DONE where another has finished it', async () => {
  const [done, open] = [await begin(), await begin()];
  await runJob(exportCustomers, { exportId: done.id }, { storeId });
  const lastTry = { storeId, attempt: 6, signal: AbortSignal.abort(new Error('The worker is gone')) };
  for (const exportId of [done.id, open.id])
    await expect(runJob(exportCustomers, { exportId }, lastTry)).rejects.toThrow('The worker is gone');
  expect(await again(done.id)).toMatchObject({ status: 'DONE', downloadUrl: expect.any(String) });
  expect(await again(open.id)).toMatchObject({ status: 'FAILED', downloadUrl: null });
});

test('bad input: a used key, too many values, no right to it', async () => {
  await begin({ idempotencyKey: 'used' });
  expect(await refused('customerExportCreate', { idempotencyKey: 'used', filter: { tagsAny: ['a'] } })).toEqual([
    ['IDEMPOTENCY_KEY_REUSED', 'idempotencyKey'],
  ]);
  expect(await refused('customerExportCreate', { idempotencyKey: '' })).toEqual([['REQUIRED', 'idempotencyKey']]);
  const tagsAny = Array.from({ length: 51 }, (_, at) => `t${at}`);
  expect(await refused('customerExportCreate', { idempotencyKey: 'k', filter: { tagsAny } })).toEqual([['TOO_LONG', 'filter.tagsAny']]);
  const agent = as(identity.staff(storeId, ['customers:read', 'customers:write']));
  expect(await agent.codes('mutation { customerExportCreate(input: { idempotencyKey: "k" }) { userErrors { code } } }')).toEqual([
    'FORBIDDEN',
  ]);
});
