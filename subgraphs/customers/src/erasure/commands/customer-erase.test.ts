import { newId, parseId, type CustomerId, type Id } from '@storegraph/core';
import { customerErased, defineReaction, emit, personalDataErased } from '@storegraph/events';
import { identity } from '@storegraph/testing';
import { expect, it } from 'vitest';
import { world } from '../../../test/world.ts';
import { readCustomers } from '../../customer-import/jobs.ts';

/** A domain that keeps something of customers, as events make it known. */
const neighbour = defineReaction({
  name: 'customers.test-neighbour',
  kind: 'projection',
  on: [customerErased],
  handle: () => Promise.resolve(),
});
const { mutate, create, refused, staff, stranger, events, admin, settled, pool, storeId, runJob, runtime } = await world({
  watch: [neighbour],
});

const erase = (customerId: string, rest: object = {}) =>
  mutate<{ erasure: Record<string, unknown> & { id: Id<'ers'> } }>(
    'customerErase',
    { customerId, reason: 'REQUESTED_BY_CUSTOMER', idempotencyKey: newId('idk'), ...rest },
    'erasure { id status completedAt reason requestedBy { kind } customer { id number displayName erasedAt email } parts { domain erased { what count } kept { what count reason } } }',
  );
const person = (name: string) => ({
  firstName: name,
  email: `${name}@example.com`,
  note: name,
  tags: [name],
  metadata: { name },
  addresses: [{ line1: name, country: 'GR' }],
});

/** In which rows of this domain and of the log a text stands. */
async function places(text: string): Promise<string[]> {
  const tables = await admin<{ name: string }>(
    `select table_schema || '.' || table_name as name from information_schema.tables where table_schema in ('customers', 'events') and table_type = 'BASE TABLE'`,
  );
  const found: string[] = [];
  for (const { name } of tables)
    if ((await admin(`select 1 from ${name} t where lower(t::text) like $1 limit 1`, [`%${text}%`])).length > 0) found.push(name);
  return found.toSorted();
}

/** What a domain answers. */
async function answer(payload: Parameters<typeof personalDataErased>[0], store = storeId): Promise<void> {
  const db = pool.session({ domain: 'accounts', identity: identity.system(store), correlationId: 'test', origin: 'LIVE' });
  try {
    await db.write((tx) => emit(tx, personalDataErased(payload)));
  } finally {
    await db.end();
  }
  await settled();
}

it('nothing of the person stays, and the receipt says so', async () => {
  const customerId = await create(person('erasedalone'));
  expect(await places('erasedalone')).toEqual([
    'customers.addresses',
    'customers.contact_points',
    'customers.customer_tags',
    'customers.customers',
    'events.log',
  ]);
  const { erasure, userErrors } = await erase(customerId);
  expect(userErrors).toEqual([]);
  expect(erasure).toMatchObject({
    status: 'COMPLETED',
    reason: 'REQUESTED_BY_CUSTOMER',
    requestedBy: { kind: 'STAFF' },
    customer: { id: customerId, email: null },
    parts: [
      {
        domain: 'customers',
        erased: [
          { what: 'customers', count: 1 },
          { what: 'addresses', count: 1 },
          { what: 'contact_points', count: 1 },
          { what: 'customer_tags', count: 1 },
          { what: 'events', count: 3 },
        ],
        kept: [{ what: 'customers', count: 1, reason: 'LEDGER' }],
      },
    ],
  });
  expect(await places('erasedalone')).toEqual([]);
  expect((await events()).at(-1)).toMatchObject({
    type: 'customer.erased',
    payload: { customerId, erasureId: erasure.id, customerIds: [customerId] },
    personal: null,
  });
  expect((await create({ email: 'erasedalone@example.com' })).startsWith('cus_')).toBe(true);
});

it('a merged pair is one person, under whichever id it is asked for, with what the merge had kept to be undone by', async () => {
  const [survivorId, mergedId] = [await create(person('erasedfirst')), await create(person('erasedsecond'))];
  await mutate('customerMerge', { survivorId, mergedId });
  expect(await places('erasedsecond')).toContain('customers.merges');
  const { erasure } = await erase(mergedId);
  expect(erasure).toMatchObject({ customer: { id: survivorId } });
  expect([await places('erasedfirst'), await places('erasedsecond')]).toEqual([[], []]);
  expect((await events()).at(-1)?.payload).toMatchObject({ customerId: survivorId, customerIds: [survivorId, mergedId] });
});

it('stays pending until every domain that listens has answered; answers of strangers and second ones change nothing', async () => {
  await settled();
  const customerId = parseId('cus', await create(person('erasedlast'))) ?? newId('cus');
  const [consumer] = await admin(
    `update events.consumers set domain = 'neighbour', name = 'neighbour.test' where name = 'customers.test-neighbour' returning name`,
  );
  expect(consumer).toEqual({ name: 'neighbour.test' });
  const { erasure } = await erase(customerId);
  expect(erasure).toMatchObject({
    status: 'PENDING',
    completedAt: null,
    parts: [{ domain: 'customers' }, { domain: 'neighbour', erased: [], kept: [] }],
  });
  const payload = (subject: CustomerId, count: number) => ({
    requestId: erasure.id,
    subject,
    domain: 'neighbour',
    erased: [{ what: 'letters', count }],
    kept: [],
  });
  await answer(payload(customerId, 1), newId('sto'));
  await answer(payload(newId('cus'), 1));
  const read = async () =>
    (
      await staff.data<{ erasure: object }>('query ($id: ID!) { erasure(id: $id) { status parts { domain erased { what count } } } }', {
        id: erasure.id,
      })
    ).erasure;
  expect(await read()).toMatchObject({ status: 'PENDING' });
  await answer(payload(customerId, 7));
  await answer(payload(customerId, 8));
  expect(await read()).toMatchObject({
    status: 'COMPLETED',
    parts: [{ domain: 'customers' }, { domain: 'neighbour', erased: [{ what: 'letters', count: 7 }] }],
  });
  const list = 'query ($status: ErasureStatus) { erasures(first: 1, status: $status) { nodes { id } totalCount } }';
  expect(await staff.data(list)).toMatchObject({ erasures: { nodes: [{ id: erasure.id }], totalCount: 3 } });
  expect(await staff.data(list, { status: 'PENDING' })).toEqual({ erasures: { nodes: [], totalCount: 0 } });
  expect(await stranger.data(list)).toEqual({ erasures: { nodes: [], totalCount: 0 } });
});

/** An import of the store whose file has been sent and waits to be read. */
async function waitingImport(rows: readonly string[], client = staff): Promise<Id<'cim'>> {
  const { import: made } = await mutate<{ import: { id: Id<'cim'>; uploadUrl: string } }>(
    'customerImportCreate',
    { idempotencyKey: newId('req'), onExisting: 'UPDATE' },
    'import { id uploadUrl }',
    client,
  );
  const file = new Request(`http://subgraph${made.uploadUrl.replace('/customers', '')}`, {
    method: 'PUT',
    body: ['email,first_name', ...rows].join('\n'),
  });
  expect((await runtime.handlePublic(file, { requestId: 'test', ip: null })).status).toBe(202);
  return made.id;
}
const importState = async (id: Id<'cim'>, client = staff) =>
  (await client.data<{ customerImport: object }>('query ($id: ID!) { customerImport(id: $id) { status rowsRead failure } }', { id }))
    .customerImport;

it('files of customers that wait, or are being read, end with the person who may stand in them; of another store, and for nobody, none does', async () => {
  const customerId = await create(person('erasedinfile'));
  const others = Array.from({ length: 100 }, (_, at) => `bystander${at}@example.com,Bystander`);
  const rows = [...others, 'erasedinfile@example.com,Erasedinfile', 'erasedinfile.other@example.com,Erasedinfile'];
  const [waiting, begun, foreign] = [await waitingImport(rows), await waitingImport(rows), await waitingImport(['a@b.test,A'], stranger)];
  let left = 1;
  const signal = {
    throwIfAborted: () => {
      left -= 1;
      if (left < 0) throw new Error('The worker is gone');
    },
  } as AbortSignal;
  await expect(runJob(readCustomers, { importId: begun }, { storeId, signal })).rejects.toThrow('The worker is gone');
  await mutate('customerErase', { customerId: newId('cus'), reason: 'CONSENT_WITHDRAWN', idempotencyKey: 'nobody-in-file' });
  expect([await importState(waiting), await importState(begun)]).toMatchObject([
    { status: 'PENDING' },
    { status: 'RUNNING', rowsRead: 100 },
  ]);

  const { erasure } = await erase(customerId);
  expect(JSON.stringify(erasure)).toContain('{"what":"customer_imports","count":2}');
  expect(await places('erasedinfile')).toEqual([]);
  for (const importId of [waiting, begun]) await runJob(readCustomers, { importId }, { storeId });
  expect([await importState(waiting), await importState(begun)]).toEqual([
    { status: 'FAILED', rowsRead: 0, failure: expect.stringContaining('erased') },
    { status: 'FAILED', rowsRead: 100, failure: expect.stringContaining('erased') },
  ]);
  expect(await places('erasedinfile')).toEqual([]);
  expect(await importState(foreign, stranger)).toMatchObject({ status: 'PENDING' });
});

it('a file that is read at the same moment does not bring the person back, whichever comes first', async () => {
  for (let round = 0; round < 3; round++) {
    const name = `erasedrace${round}`;
    const customerId = await create(person(name));
    const rows = Array.from({ length: 105 }, (_, at) =>
      at === 30 + round * 37 ? `${name}@example.com,${name}` : `${at}.of${round}@example.com,Else`,
    );
    const importId = await waitingImport(rows);
    const [, { userErrors }] = await Promise.all([runJob(readCustomers, { importId }, { storeId }), erase(customerId)]);
    expect(userErrors).toEqual([]);
    expect(await places(name)).toEqual([]);
  }
});

it('bad input: nobody, another store’s, a reason that is none; and once is enough', async () => {
  const customerId = await create({ firstName: 'Once' });
  const key = { idempotencyKey: 'erase-once' };
  const input = { customerId, reason: 'CONSENT_WITHDRAWN', ...key };
  expect(await refused('customerErase', { ...input, customerId: 'nonsense', idempotencyKey: 'é' })).toEqual([
    ['INVALID', 'idempotencyKey'],
  ]);
  const refusal = async (changed: object, client = staff) =>
    (await mutate('customerErase', { ...input, ...changed }, '', client)).userErrors;
  expect(await refusal({ customerId: newId('cus'), idempotencyKey: 'nobody' })).toEqual([{ code: 'NOT_FOUND', field: ['customerId'] }]);
  expect(await refusal({ idempotencyKey: 'strangers' }, stranger)).toEqual([{ code: 'NOT_FOUND', field: ['customerId'] }]);
  expect(await refusal({ reason: 'BECAUSE' }).catch((error: unknown) => String(error))).toContain('BAD_REQUEST');
  const { erasure } = await erase(customerId, key);
  const count = (await events()).length;
  expect((await erase(customerId, key)).erasure.id).toBe(erasure.id);
  expect(await refusal({ idempotencyKey: 'another' })).toEqual([{ code: 'ALREADY_ERASED', field: ['customerId'] }]);
  expect((await events()).length).toBe(count);
});

it('of an erasure and a merge at once, either both are erased or the merge is refused', async () => {
  for (let round = 0; round < 5; round++) {
    const [survivorId, mergedId] = [await create(person(`racera${round}`)), await create(person(`racerb${round}`))];
    const [merge, first] = await Promise.all([mutate('customerMerge', { survivorId, mergedId }), erase(mergedId)]);
    expect(first.userErrors).toEqual([]);
    const merged = merge.userErrors.length === 0;
    expect(await places(`racerb${round}`)).toEqual([]);
    expect((await places(`racera${round}`)).length > 0).toBe(!merged);
  }
});
