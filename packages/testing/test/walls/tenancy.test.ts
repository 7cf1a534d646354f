import { beforeAll, describe, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '../../src/database.ts';
import { classes, kernelTables, readByStores, tablesOf, tablesOfClass, type TableFacts } from './catalog.ts';

let database: TestDatabase;
let tables: TableFacts[];
beforeAll(async () => {
  database = await testDatabase();
  tables = await tablesOf(database);
});

const domains = Object.keys(classes);
const ofStore = "(store_id = (NULLIF(current_setting('app.store_id'::text, true), ''::text))::uuid)";
const kindIn = (...kinds: string[]) =>
  `(current_setting('app.kind'::text, true) = ANY (ARRAY[${kinds.map((kind) => `'${kind}'::text`).join(', ')}]))`;
const forStaff = `(${ofStore} AND ${kindIn('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM')})`;

/** Roles that no request can take: of look-up functions, of sweeps and dispatchers. Their policies may see more than one store. */
const beyondRequests = (roles: readonly string[]) => roles.every((role) => /_(lookup|system|systems)$/.test(role));
const forRequests = ({ policies }: TableFacts) => policies.filter(({ roles }) => !beyondRequests(roles));

describe('every table', () => {
  it('of a domain has a class, and every class a table', () => {
    for (const domain of domains) {
      const found = tables.filter(({ schema }) => schema === domain).map(({ name }) => name);
      expect(found.toSorted()).toEqual([...Object.keys(classes[domain] ?? {}), ...kernelTables].toSorted());
    }
    expect([...new Set(tables.map(({ schema }) => schema))].toSorted()).toEqual([
      'accounts',
      'customers',
      'events',
      'jobs',
      'limits',
      'messaging',
      'orders',
    ]);
  });

  it('has row-level security, enabled and forced, and a policy; what has none no request can touch', async () => {
    const open = tables.filter(({ secured, policies }) => !secured || policies.length === 0);
    const reachable = await database.admin<{ name: string }>(
      `select distinct table_schema || '.' || table_name as name from information_schema.table_privileges
       where grantee like 'storegraph\\_%' and grantee not like '%\\_owner' order by 1`,
    );
    const touchable = new Set(reachable.map(({ name }) => name));
    expect(open.map(({ schema, name }) => `${schema}.${name}`).filter((name) => touchable.has(name))).toEqual([]);
    expect(open.map(({ name }) => name).filter((name) => name !== 'schema_migrations')).toEqual([]);
  });

  it('has no policy with a sub-select where requests pass', () => {
    const conditions = tables.flatMap((table) =>
      forRequests(table).flatMap(({ name, using, check }) =>
        [using, check].map((text) => ({ place: `${table.schema}.${table.name} ${name}`, text })),
      ),
    );
    expect(conditions.filter(({ text }) => /\bselect\b/i.test(text ?? '')).map(({ place }) => place)).toEqual([]);
  });
});

describe('a tenant table', () => {
  const tenant = () => tables.filter(({ schema, name }) => classes[schema]?.[name] === 'tenant');

  it('begins with store_id and lets in who works in the store, by store and kind', () => {
    for (const table of tenant()) {
      const place = `${table.schema}.${table.name}`;
      expect(table.columns[0], place).toBe('store_id');
      const isolation = table.policies.find(({ name }) => name === 'store_isolation');
      expect(isolation, place).toEqual({ name: 'store_isolation', command: 'ALL', roles: ['public'], using: forStaff, check: forStaff });
      for (const { name, command, using } of forRequests(table).filter((policy) => policy.name !== 'store_isolation')) {
        expect(command, `${place} ${name}`).toBe('SELECT');
        expect(using?.startsWith(`(${ofStore} AND `), `${place} ${name}`).toBe(true);
        expect(using?.includes("'ANONYMOUS'"), `${place} ${name}`).toBe(place === 'accounts.stores');
        if (place !== 'accounts.stores')
          expect(using, `${place} ${name}`).toContain("NULLIF(current_setting('app.customer_id'::text, true), ''::text))::uuid");
      }
    }
  });

  it('has store_id first in every primary, unique and foreign key, and no key that leaves its domain', async () => {
    const keys = await database.admin<{
      place: string;
      first: string | null;
      target: string | null;
      targetFirst: string | null;
      foreign: boolean;
    }>(`
      select x.place, x.first, x.target, x."targetFirst", x."foreign" from (
        select n.nspname || '.' || c.relname || ' ' || i.relname as place, n.nspname, c.relname,
          (select a.attname from pg_attribute a where a.attrelid = c.oid and a.attnum = k.indkey[0]) as first, null as target, null as "targetFirst", false as "foreign"
        from pg_index k join pg_class c on c.oid = k.indrelid join pg_class i on i.oid = k.indexrelid join pg_namespace n on n.oid = c.relnamespace where k.indisunique
        union all
        select n.nspname || '.' || c.relname || ' ' || f.conname, n.nspname, c.relname,
          (select a.attname from pg_attribute a where a.attrelid = c.oid and a.attnum = f.conkey[1]), t.relnamespace::regnamespace::text,
          (select a.attname from pg_attribute a where a.attrelid = t.oid and a.attnum = f.confkey[1]), true
        from pg_constraint f join pg_class c on c.oid = f.conrelid join pg_class t on t.oid = f.confrelid join pg_namespace n on n.oid = c.relnamespace where f.contype = 'f'
      ) x order by 1`);
    const mine = new Set(tenant().map(({ schema, name }) => `${schema}.${name}`));
    const ofTenants = keys.filter(({ place }) => mine.has(place.split(' ')[0] ?? ''));
    expect(ofTenants.length).toBeGreaterThan(mine.size);
    expect(ofTenants.filter(({ first, foreign, targetFirst }) => first !== 'store_id' || (foreign && targetFirst !== 'store_id'))).toEqual(
      [],
    );
    expect(keys.filter(({ place, target }) => target !== null && !place.startsWith(`${target}.`))).toEqual([]);
  });
});

it('a user table lets in the user and the kernel; a platform table nobody from a store but to read what is nobody’s', () => {
  const own = `((user_id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid) OR (current_setting('app.kind'::text, true) = 'SYSTEM'::text))`;
  const place = ({ schema, name }: TableFacts) => `${schema}.${name}`;
  const [users, platforms] = [tablesOfClass('user'), tablesOfClass('platform')];
  for (const table of tables) {
    const policies = forRequests(table);
    if (users.includes(place(table)))
      expect(policies, place(table)).toEqual([{ name: 'user_own', command: 'ALL', roles: ['public'], using: own, check: own }]);
    if (!platforms.includes(place(table))) continue;
    for (const { using, check, name, command } of policies) {
      const open = readByStores.includes(place(table)) && command === 'SELECT' ? ['STAFF', 'API_KEY'] : [];
      for (const kind of ['STAFF', 'CUSTOMER', 'API_KEY', 'ANONYMOUS'].filter((one) => !open.includes(one)))
        expect(`${using} ${check}`, `${place(table)} ${name}`).not.toContain(`'${kind}'`);
      expect(using, place(table)).toContain("current_setting('app.kind'::text, true) = ");
    }
  }
});

it('there are no PostgreSQL enums but the queue library’s own', async () => {
  expect(
    await database.admin("select typnamespace::regnamespace::text || '.' || typname as name from pg_type where typtype = 'e'"),
  ).toEqual([{ name: 'jobs.job_state' }]);
});

it('every SECURITY DEFINER function has a fixed search_path, belongs to a look-up role and is open to no stranger', async () => {
  const functions = await database.admin<{ name: string; owner: string; schema: string; path: string | null; open: boolean }>(`
    select p.oid::regprocedure::text as name, pg_get_userbyid(p.proowner) as owner, n.nspname as schema,
      (select s from unnest(p.proconfig) s where s like 'search_path=%') as path, has_function_privilege('public', p.oid, 'execute') as open
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace where p.prosecdef and n.nspname not in ('pg_catalog', 'information_schema') order by 1`);
  expect(functions.length).toBeGreaterThanOrEqual(14);
  for (const { name, owner, schema, path, open } of functions) {
    expect([name, owner, open]).toEqual([name, `storegraph_${schema}_lookup`, false]);
    expect(path, name).toMatch(/^search_path=pg_catalog(, extensions)?, pg_temp$/);
  }
});
