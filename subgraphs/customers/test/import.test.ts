import { system } from '@storegraph/auth';
import { newId } from '@storegraph/core';
import { expect, test } from 'vitest';
import { world } from './world.ts';
import { importCustomers, type ImportedCustomer } from '../src/index.ts';

const { pool, storeId, staff, stranger, create, mutate, admin, statements, events } = await world();

async function run(rows: readonly ImportedCustomer[], options: { source?: string; store?: typeof storeId } = {}) {
  const db = pool.session({
    domain: 'customers',
    identity: system(options.store ?? storeId),
    correlationId: newId('imp'),
    origin: 'IMPORT',
  });
  try {
    return await db.write((tx) => importCustomers(tx, rows, { source: options.source ?? null }));
  } finally {
    await db.end();
  }
}

const totals = async () =>
  (await admin('select (select count(*)::int from customers.customers) customers, (select count(*)::int from events.log) events'))[0];
const day = (text: string) => new Date(`${text}T08:26:00.000Z`);

test('customers are made once, in the order in which they came, as imported events', async () => {
  const rows = [
    { externalId: '17851', countryCode: 'FR', firstSeenAt: day('2010-12-02') },
    { externalId: '17850', countryCode: 'GB', firstSeenAt: day('2010-12-01') },
    { externalId: '17850', countryCode: 'DE', firstSeenAt: day('2010-12-05') },
    { externalId: 'late' },
  ];
  const first = await run(rows);
  expect(first.created).toBe(3);
  expect([...first.ids.keys()]).toEqual(['17851', '17850', 'late']);
  const { customers } = await staff.data<{ customers: { nodes: unknown[] } }>(
    '{ customers(sort: NUMBER) { nodes { id number country createdAt displayName contactPoints { channel address source primary } } } }',
  );
  expect(customers.nodes.slice(0, 2)).toEqual([
    {
      id: first.ids.get('17850'),
      number: 1,
      country: 'GB',
      createdAt: '2010-12-01T08:26:00.000Z',
      displayName: '#1',
      contactPoints: [{ channel: 'EXTERNAL', address: '17850', source: null, primary: true }],
    },
    expect.objectContaining({ id: first.ids.get('17851'), number: 2, country: 'FR' }),
  ]);
  const list = await events();
  expect(list.map(({ type, origin }) => [type, origin])).toEqual(
    Array.from({ length: 6 }, (_, at) => [at % 2 ? 'customer.contactPointAdded' : 'customer.created', 'IMPORT']),
  );

  const before = await totals();
  const again = await run(rows.toReversed());
  expect(again).toEqual({ ids: new Map([...first.ids].toReversed()), created: 0 });
  expect(await totals()).toEqual(before);
});

test('an imported customer is found by the external id', async () => {
  const { customers } = await staff.data<{ customers: { nodes: unknown[] } }>('{ customers(query: "17850") { nodes { number } } }');
  expect(customers.nodes).toEqual([{ number: 1 }]);
});

test('numbers go on where they were, for imports and by hand', async () => {
  const { customer } = await mutate<{ customer: { number: number } }>('customerCreate', { firstName: 'By hand' }, 'customer { number }');
  expect(customer.number).toBe(4);
  await run([{ externalId: 'next' }]);
  const numbers = await admin<{ number: number }>(
    "select number from customers.customers c where exists (select from customers.contact_points p where p.customer_id = c.id and p.address = 'next')",
  );
  expect(numbers).toEqual([{ number: 5 }]);
});

test('who has the external id already is found and stays as it was', async () => {
  const id = await create({ firstName: 'Known', externalId: 'known', externalSource: 'shop', country: 'GR' });
  const result = await run([{ externalId: 'known', countryCode: 'FR' }], { source: 'shop' });
  expect(result).toEqual({ ids: new Map([['known', id]]), created: 0 });
  const { customer } = await staff.data('query ($id: ID!) { customer(id: $id) { country firstName } }', { id });
  expect(customer).toEqual({ country: 'GR', firstName: 'Known' });
  expect((await run([{ externalId: 'known' }])).created).toBe(1);
});

test('what can be no id is left out, and an unknown country is none', async () => {
  const rows = [
    { externalId: ' ' },
    { externalId: 'x'.repeat(201) },
    { externalId: 'a\nb' },
    { externalId: ' trimmed ', countryCode: 'ZZ' },
  ];
  const { ids, created } = await run(rows);
  expect(created).toBe(1);
  expect([...ids.keys()]).toEqual([' trimmed ']);
  expect(await run([])).toEqual({ ids: new Map(), created: 0 });
});

test('the same file in two imports at once makes each customer once, and both know all of them', async () => {
  const rows = Array.from({ length: 300 }, (_, at) => ({ externalId: `twice-${at}`, countryCode: 'GB', firstSeenAt: day('2011-01-01') }));
  const results = await Promise.all([run(rows), run(rows.toReversed()), run(rows.slice(100)), run(rows.slice(0, 200))]);
  expect(results.reduce((sum, { created }) => sum + created, 0)).toBe(300);
  const [whole, reversed] = results;
  for (const { externalId } of rows) expect(reversed?.ids.get(externalId)).toBe(whole?.ids.get(externalId));
  const [row] = await admin(
    'select count(*)::int - max(number) gap, count(*)::int - count(distinct number)::int twice from customers.customers',
  );
  expect(row).toEqual({ gap: 0, twice: 0 });
});

test('an import and somebody who makes the same customer by hand at once end with one', async () => {
  const rounds = Array.from({ length: 20 }, (_, at) => `race-${at}`);
  await Promise.all(
    rounds.flatMap((externalId) => [
      run([{ externalId }]),
      mutate('customerCreate', { firstName: 'Race', externalId }),
      create({ firstName: 'Other' }).then((customerId) =>
        mutate('customerContactPointAdd', { customerId, channel: 'EXTERNAL', address: externalId }),
      ),
    ]),
  );
  const [row] = await admin("select count(*)::int points from customers.contact_points where address like 'race-%'");
  expect(row).toEqual({ points: 20 });
  const [nameless] = await admin(
    'select count(*)::int n from customers.customers c where first_name is null and not exists (select from customers.contact_points p where p.customer_id = c.id)',
  );
  expect(nameless).toEqual({ n: 0 });
});

test('a thousand rows cost as many statements as one', async () => {
  const count = async (rows: readonly ImportedCustomer[]) => {
    statements();
    await run(rows);
    return statements().length;
  };
  const one = await count([{ externalId: 'single' }]);
  expect(await count(Array.from({ length: 1_000 }, (_, at) => ({ externalId: `bulk-${at}` })))).toBe(one);
});

test('each store has customers of its own for the same ids', async () => {
  const store = newId('sto');
  const { ids, created } = await run([{ externalId: '17850' }], { store });
  expect(created).toBe(1);
  expect(await stranger.data('query ($id: ID!) { customer(id: $id) { id } }', { id: ids.get('17850') })).toEqual({ customer: null });
});
