import { declaredTables, tableClass } from '@storegraph/database';
import { testDatabase } from '@storegraph/testing';
import { toSnakeCase } from 'drizzle-orm/casing';
import { getTableConfig } from 'drizzle-orm/pg-core';
import { expect, it } from 'vitest';
import '../src/index.ts';
import { storeNames } from '../src/store/tables.ts';

const { admin } = await testDatabase();
const declared = declaredTables().filter(({ schema }) => schema === 'accounts');

it('puts every table of accounts in a class, under forced row-level security with the policies of that class', async () => {
  const rows = await admin<{ name: string; guarded: boolean; policies: string[] }>(`
    select c.relname::text as name, c.relrowsecurity and c.relforcerowsecurity as guarded,
      coalesce((select json_agg(p.polname::text order by p.polname) from pg_policy p where p.polrelid = c.oid), '[]') as policies
    from pg_class c where c.relnamespace = 'accounts'::regnamespace and c.relkind = 'r' and c.relname not in ('idempotency_keys', 'handled_events', 'schema_migrations') order by 1`);
  expect(rows.filter(({ guarded }) => !guarded)).toEqual([]);
  expect(rows.map(({ name }) => name)).toEqual(declared.map(({ name }) => name).toSorted());
  for (const table of declared) {
    const inDatabase = rows.find(({ name }) => name === table.name)?.policies ?? [];
    expect(inDatabase).toEqual(expect.arrayContaining(table.policies.map(({ name }) => name)));
  }
});

it('keeps what is unique over all stores apart from tenants, out of the reach of requests', async () => {
  expect(tableClass(storeNames)).toBe('platform');
  const rights = await admin(`select privilege_type from information_schema.role_table_grants
    where table_schema = 'accounts' and table_name = 'store_names' and grantee = 'storegraph_accounts'`);
  expect(rights).toEqual([]);
});

it('begins every key of a tenant table with the store', async () => {
  const keys = await admin<{ table: string; constraint: string; first: string }>(`
    select t.relname::text as table, c.conname::text as constraint, a.attname::text as first
    from pg_constraint c join pg_class t on t.oid = c.conrelid join pg_attribute a on a.attrelid = t.oid and a.attnum = c.conkey[1]
    where t.relnamespace = 'accounts'::regnamespace and c.contype in ('p', 'u', 'f')`);
  const tenant = new Set(declared.filter((table) => table.class === 'tenant').map(({ name }) => name));
  expect(tenant.size).toBe(8);
  expect(keys.filter(({ table, first }) => tenant.has(table) && first !== 'store_id')).toEqual([]);
});

it('gives its functions a fixed search path, and the right to call them to requests alone', async () => {
  const functions = await admin<{ name: string; definer: boolean; config: string[]; open: boolean }>(`
    select p.proname::text as name, p.prosecdef as definer, to_json(p.proconfig) as config, has_function_privilege('public', p.oid, 'execute') as open
    from pg_proc p where p.pronamespace = 'accounts'::regnamespace and p.prosecdef order by 1`);
  const own = functions.filter(({ name }) => !name.startsWith('kernel_'));
  expect(own.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      'active_store',
      'change_store_status',
      'invitation_by_token',
      'member_with_email',
      'own_invitations',
      'api_key_access',
      'claim_store_name',
      'log_in_candidate',
      'own_memberships',
      'platform_access',
      'platform_stores',
      'profiles',
      'refresh_token_owner',
      'session_access',
    ]),
  );
  for (const { name, config, open } of own) {
    expect([name, open]).toEqual([name, false]);
    expect(config[0], name).toMatch(/^search_path=pg_catalog(, extensions)?, pg_temp$/);
  }
});

it('declares the columns that the migrations make', async () => {
  const columns = await admin<{ table: string; column: string; required: boolean }>(`
    select table_name::text as table, column_name::text as column, is_nullable = 'NO' as required
    from information_schema.columns where table_schema = 'accounts' and table_name not in ('idempotency_keys', 'handled_events', 'schema_migrations')`);
  const inDatabase = columns.map(({ table, column, required }) => `${table}.${column}${required ? ' not null' : ''}`);
  const inCode = declared.flatMap(({ table, name }) =>
    getTableConfig(table).columns.map((column) => `${name}.${toSnakeCase(column.name)}${column.notNull ? ' not null' : ''}`),
  );
  expect(inCode.toSorted()).toEqual(inDatabase.toSorted());
});
