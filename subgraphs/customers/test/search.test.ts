import { newId } from '@storegraph/core';
import { emit, storeCreated, storeUpdated } from '@storegraph/events';
import { identity } from '@storegraph/testing';
import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { world } from './world.ts';

const { staff, stranger, storeId, create, pool, settled } = await world();

const people = {
  anna: { firstName: 'Άννα', lastName: 'Παπαδοπούλου', email: 'anna.papadopoulou@example.gr', phone: '+30 691 234 5678' },
  jose: { firstName: 'José', lastName: "O'Brien-Łoś", email: 'jose@example.com', externalId: 'CUST-0042' },
  john: { firstName: 'John', lastName: 'Smith', phone: '+44 7911 123456', externalId: '17850' },
  johanna: { firstName: 'Johanna', lastName: 'Smithers', email: 'j_s%x@example.com' },
  li: { firstName: 'Wei', lastName: 'Li' },
  peter: { firstName: 'Peter', lastName: 'Papadopoulos', externalId: 'a\\b' },
};
const names = new Map<string, string>();
for (const [name, input] of Object.entries(people)) names.set(await create(input), name);
await create(
  { firstName: 'John', lastName: 'Smith', email: 'anna.papadopoulou@example.gr', phone: '+30 691 234 5678', externalId: '17850' },
  stranger,
);

const find = async (query: string, client = staff) => {
  const { customers } = await client.data<{ customers: { nodes: { id: string }[]; totalCount: number } }>(
    'query ($query: String) { customers(query: $query) { nodes { id } totalCount } }',
    { query },
  );
  expect(customers.totalCount).toBe(customers.nodes.length);
  return customers.nodes.map(({ id }) => names.get(id) ?? id);
};

test.each([
  ['John', ['john']],
  ['smith', ['john', 'johanna']],
  ['SMITH john', ['john']],
  ['jo smith', ['john', 'johanna']],
  ['jose', ['jose']],
  ['josé obrien', ['jose']],
  ["o'brien", ['jose']],
  ['los', ['jose']],
  ['αννα', ['anna']],
  ['ΠΑΠΑΔΟΠΟΥΛΟΥ', ['anna']],
  ['li', ['li']],
  ['w', ['li']],
])('the name "%s" finds %j', async (query, expected) => {
  expect(await find(query)).toEqual(expected);
});

test.each([
  ['jonh smith', ['john']],
  ['jhon smith', ['john']],
  ['jon smith', ['john']],
  ['johhn', ['john']],
  ['smitt', ['john']],
  ['smyth', ['john']],
  ['Papadopolos', ['peter']],
  ['papathopoulos', ['peter']],
  ['παπαδωπουλου', ['anna']],
  ['pter papadopoulos', ['peter']],
  ['papa pter', ['peter']],
])('the name "%s", with a typing error, finds %j', async (query, expected) => {
  expect(await find(query)).toEqual(expected);
});

test.each([
  ['anna.papadopoulou@example.gr', ['anna']],
  ['ANNA.Papadopoulou@EXAMPLE.gr', ['anna']],
  ['anna.pap', ['anna']],
  ['jose@', ['jose']],
  ['cust-0042', ['jose']],
  ['17850', ['john']],
  ['#3', ['john']],
  ['4', ['johanna']],
  ['j_s%x@example.com', ['johanna']],
  ['a\\b', ['peter']],
])('"%s" finds %j by address, id or number', async (query, expected) => {
  expect(await find(query)).toEqual(expected);
});

test.each([
  '+447911123456',
  '+44 7911 123456',
  '+44 (0)7911 123456',
  '07911 123456',
  '07911-123-456',
  '(07911) 123456',
  '00447911123456',
  '7911123456',
  '123456',
  '3456',
  '+44 7911',
  '447911123456',
])('the phone number %s is found', async (query) => {
  expect(await find(query)).toEqual(['john']);
});

test.each([
  '%',
  '_',
  '\\',
  '%%',
  'j_h%',
  '__ith',
  "' or 1=1 --",
  '(',
  ')',
  '[a-z]',
  '.*',
  'jo.n',
  '\u0000',
  '\u{1F600}',
  '*',
  '?',
  '"',
  '$1',
  'zz',
  'nobody at all',
  'x'.repeat(100_000),
  '999999999999',
  '0000',
  'smi\\w+',
  'ﷺﷺﷺ',
])('the hostile or strange query %j finds nobody and harms nothing', async (query) => {
  expect(await find(query)).toEqual([]);
});

test('a query of blanks is no query', async () => {
  expect((await find('  ')).length).toBe(6);
});

test('the best match comes first', async () => {
  const whole = await create({ firstName: 'Ken' });
  const begins = await create({ firstName: 'Kenneth', email: 'ken@example.com' });
  const named = await create({ firstName: 'Aaron', lastName: 'Kenobi-Skywalker' });
  const byMail = await create({ firstName: 'Zed', email: 'ken.obi@example.com' });
  expect(await find('ken')).toEqual([whole, begins, named, byMail]);
});

test('another store finds its own alone', async () => {
  for (const query of ['smith', 'anna.papadopoulou@example.gr', '+306912345678', '17850', '1']) {
    const found = await find(query, stranger);
    expect(found).toHaveLength(1);
    expect([...names.values()]).not.toContain(found[0]);
  }
});

test('the search function finds nobody for customers, strangers and those without a store', async () => {
  const search = async (who: Parameters<typeof pool.session>[0]['identity']) => {
    const db = pool.session({ domain: 'customers', identity: who, correlationId: newId('req'), origin: 'LIVE' });
    try {
      const rows = await db.read((tx) =>
        tx.execute(
          sql`select * from customers.search_customers(array['smith'], array[' smith'], array[]::text[], null, array[]::text[], null, null)`,
        ),
      );
      return rows.length;
    } finally {
      await db.end();
    }
  };
  expect(await search(identity.staff(storeId))).toBe(2);
  expect(await search(identity.customer(storeId))).toBe(0);
  expect(await search(identity.anonymous(storeId))).toBe(0);
  expect(await search(identity.platform())).toBe(0);
  expect(await search(identity.staff(newId('sto')))).toBe(0);
});

test("a phone number without a country is read in the store's, which follows the store's own events", async () => {
  const scope = { domain: 'accounts', identity: identity.staff(storeId), correlationId: newId('req'), origin: 'LIVE' } as const;
  const publish = async (event: Parameters<typeof emit>[1]) => {
    const db = pool.session(scope);
    if (event) await db.write((tx) => emit(tx, event));
    await db.end();
    await settled();
  };
  const profile = { storeId, name: 'S', timezone: 'UTC', defaultLanguage: 'en' };
  await publish(storeCreated({ ...profile, slug: 's', currency: 'EUR', country: 'GR', ownerId: newId('usr') }));
  const greek = await create({ phone: '697 111 2222' });
  expect(await find('00 30 697 111 2222')).toEqual([greek]);
  await publish(storeUpdated({ ...profile, country: 'GB', domain: null }));
  const british = await create({ phone: '07911 999888' });
  expect(await find('+44 7911 999888')).toEqual([british]);
});
