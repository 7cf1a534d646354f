import { newId, parseId, toUuid, type CustomerId } from '@storegraph/core';
import { declaredTables, tableClass } from '@storegraph/database';
import { identity } from '@storegraph/testing';
import { sql } from 'drizzle-orm';
import { toSnakeCase } from 'drizzle-orm/casing';
import { getTableConfig } from 'drizzle-orm/pg-core';
import { expect, test } from 'vitest';
import { addresses } from '../src/address/tables.ts';
import { contactPoints } from '../src/contact-point/tables.ts';
import { customers } from '../src/customer/tables.ts';
import { stores } from '../src/store/tables.ts';
import { customerTags } from '../src/tag/tables.ts';
import { world } from './world.ts';

const { pool, storeId, create, admin } = await world();

const whole = { firstName: 'A', email: 'a@example.com', tags: ['vip'], addresses: [{ line1: 'x', country: 'GR' }] };
const mine = parseId('cus', await create(whole)) ?? newId('cus');
await create({ ...whole, email: 'b@example.com' });

/** How many rows of each table a bare query sees: row-level security alone decides. */
async function seen(who: Parameters<typeof pool.session>[0]['identity']): Promise<number[]> {
  const db = pool.session({ domain: 'customers', identity: who, correlationId: newId('req'), origin: 'LIVE' });
  const counts = await db.read(async (tx) => {
    const rows: number[] = [];
    for (const table of [customers, addresses, contactPoints, stores, customerTags]) rows.push(await tx.$count(table));
    return rows;
  });
  await db.end();
  return counts;
}

test('row-level security alone shows the store to those who work in it, and to customers what is theirs', async () => {
  expect(await seen(identity.staff(storeId))).toEqual([2, 2, 2, 1, 2]);
  expect(await seen(identity.apiKey(storeId, []))).toEqual([2, 2, 2, 1, 2]);
  expect(await seen(identity.platform(storeId))).toEqual([2, 2, 2, 1, 2]);
  expect(await seen(identity.customer(storeId, mine))).toEqual([1, 1, 1, 0, 0]);
  expect(await seen(identity.customer(storeId))).toEqual([0, 0, 0, 0, 0]);
  expect(await seen(identity.customer(newId('sto'), mine))).toEqual([0, 0, 0, 0, 0]);
  expect(await seen(identity.anonymous(storeId))).toEqual([0, 0, 0, 0, 0]);
  expect(await seen(identity.staff(newId('sto')))).toEqual([0, 0, 0, 0, 0]);
  expect(await seen(identity.platform())).toEqual([0, 0, 0, 0, 0]);
});

test.each([
  ['changes', sql`update customers.customers set first_name = 'B'`],
  ['changes', sql`update customers.contact_points set verified_at = now()`],
  ['removes', sql`delete from customers.addresses`],
])('a customer %s nothing, not even what is its own', async (_, statement) => {
  const before = await admin(
    'select (select max(updated_at) from customers.customers), (select count(*) from customers.addresses), (select count(verified_at) from customers.contact_points)',
  );
  await expect(write(mine, statement)).resolves.toBe(0);
  const after = await admin(
    'select (select max(updated_at) from customers.customers), (select count(*) from customers.addresses), (select count(verified_at) from customers.contact_points)',
  );
  expect(after).toEqual(before);
});

test('a customer adds nothing', async () => {
  const insert = sql`insert into customers.addresses (store_id, id, customer_id, line1, country) values (${toUuid(storeId)}, ${toUuid(newId('adr'))}, ${toUuid(mine)}, 'y', 'GR')`;
  await expect(write(mine, insert)).rejects.toThrow();
});

async function write(customer: CustomerId, statement: ReturnType<typeof sql>): Promise<number> {
  const db = pool.session({
    domain: 'customers',
    identity: identity.customer(storeId, customer),
    correlationId: newId('req'),
    origin: 'LIVE',
  });
  try {
    return await db.write(async (tx) => (await tx.execute(statement)).count);
  } finally {
    await db.end();
  }
}

const kernelTables = "('idempotency_keys', 'handled_events', 'schema_migrations')";

test('every table of the domain is a tenant’s but one, forced, with the policies that its declaration says', async () => {
  const own = declaredTables().filter(({ schema }) => schema === 'customers');
  const made = await admin<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'customers' and tablename not in ${kernelTables} order by 1`,
  );
  expect(own.map(({ name }) => name).toSorted()).toEqual(made.map(({ name }) => name).toSorted());
  for (const { table, name, policies } of own) {
    expect(tableClass(table)).toBe(name === 'signing_keys' ? 'platform' : 'tenant');
    const [row] = await admin(
      "select relrowsecurity and relforcerowsecurity as forced from pg_class where oid = ('customers.' || $1)::regclass",
      [name],
    );
    expect(row).toEqual({ forced: true });
    const there = await admin<{ name: string }>(
      "select policyname as name from pg_policies where schemaname = 'customers' and tablename = $1 and roles = '{public}'",
      [name],
    );
    expect(there.map((policy) => policy.name).toSorted()).toEqual(policies.map((policy) => policy.name).toSorted());
  }
});

test('the tables are declared with the columns that the migrations make', async () => {
  const columns = await admin<{ table: string; column: string; required: boolean }>(
    `select table_name as table, column_name as column, is_nullable = 'NO' as required from information_schema.columns
     where table_schema = 'customers' and table_name not in ${kernelTables} and is_generated = 'NEVER'`,
  );
  const inCode = declaredTables()
    .filter(({ schema }) => schema === 'customers')
    .flatMap(({ table, name }) =>
      getTableConfig(table)
        .columns.filter(({ generated }) => generated === undefined)
        .map((column) => `${name}.${toSnakeCase(column.name)}${column.notNull ? ' not null' : ''}`),
    );
  expect(inCode.toSorted()).toEqual(
    columns.map(({ table, column, required }) => `${table}.${column}${required ? ' not null' : ''}`).toSorted(),
  );
});
