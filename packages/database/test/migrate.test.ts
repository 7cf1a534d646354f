import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { OperatorError } from '@storegraph/core';
import { system } from '@storegraph/auth';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { loginUrl, migrate, openPool, sqlState } from '../src/index.ts';
import { cloneTemplate, type TestClone } from '../src/testing.ts';
import { domains, prefix, readOnce, root as fixtures, scopeOf, secret } from './fixtures/database.ts';

let root: string;
let clone: TestClone;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'storegraph-migrations-'));
});
afterAll(() => rm(root, { recursive: true }));
beforeEach(async () => {
  await rm(root, { recursive: true });
  await cp(fixtures, root, { recursive: true });
  clone = await cloneTemplate(inject('adminUrl'), 'template1');
  return () => clone.drop();
});

const run = (options: Partial<Parameters<typeof migrate>[0]> = {}) =>
  migrate({ adminUrl: clone.adminUrl, domains, prefix, secret, root, ...options });
const ledger = async () =>
  (await clone.admin<{ name: string }>('select name from shop.schema_migrations order by name')).map(({ name }) => name);
const write = (name: string, text: string) => writeFile(join(root, 'shop', name), text);

const kernel = ['kernel/0001_create_idempotency_keys.sql', 'kernel/0002_create_handled_events.sql'];
const shop = ['shop/0001_create_shop.sql', 'shop/0002_create_note_lookup.sql', 'shop/0003_index_note_ranks.sql'];

test('each file is applied once, the kernel tables in each domain, and a second run changes nothing', async () => {
  await run();
  expect(await ledger()).toEqual([...kernel, ...shop]);
  const tables = await clone.admin(
    `select from pg_tables where tablename in ('idempotency_keys', 'handled_events') and schemaname in ('shop', 'depot')`,
  );
  expect(tables).toHaveLength(4);
  await run();
  expect(await ledger()).toEqual([...kernel, ...shop]);
});

test('a file that was changed after it was applied stops the run and says what to do', async () => {
  await run();
  await write('0001_create_shop.sql', `${await readFile(join(root, 'shop/0001_create_shop.sql'), 'utf8')}\n-- changed`);
  const error: unknown = await run().catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(OperatorError);
  expect(error).toMatchObject({
    message: 'drizzle/shop/0001_create_shop.sql was changed after it had been applied to this database.',
    hint: 'Restore the file, and put the change into a new migration.',
  });
});

test('other line ends are no change', async () => {
  await run();
  const text = await readFile(join(root, 'shop/0001_create_shop.sql'), 'utf8');
  await write('0001_create_shop.sql', text.replaceAll('\n', '\r\n'));
  await run();
});

test('a file that was merged late is applied although later ones have been', async () => {
  await run();
  await write('0001_a_late_one.sql', 'create table late (store_id uuid);');
  await run();
  expect(await ledger()).toEqual([...kernel, 'shop/0001_a_late_one.sql', ...shop]);
  expect(await clone.admin(`select from pg_tables where schemaname = 'shop' and tablename = 'late'`)).toHaveLength(1);
});

test('a file that fails leaves nothing of itself, and names itself', async () => {
  await write('0004_break.sql', 'create table half (id uuid); select 1 / 0;');
  const error: unknown = await run().catch((caught: unknown) => caught);
  expect(error).toMatchObject({ name: 'OperatorError', message: 'drizzle/shop/0004_break.sql failed: division by zero' });
  expect(await clone.admin(`select from pg_tables where tablename = 'half'`)).toEqual([]);
  expect(await ledger()).toEqual([...kernel, ...shop]);
});

test('a file outside a transaction builds its indexes concurrently, statement by statement', async () => {
  await run();
  const indexes = await clone.admin(
    `select indexname from pg_indexes where schemaname = 'shop' and indexname in ('notes_rank', 'notes;body') order by 1`,
  );
  expect(indexes).toEqual([{ indexname: 'notes;body' }, { indexname: 'notes_rank' }]);
});

test('a new table can be used by requests and sweeps, unless its migration revokes that', async () => {
  await write(
    '0004_create_log.sql',
    'create table shop.log (line text); revoke update, delete on shop.log from :"app"; comment on table shop.log is :\'app\';',
  );
  await run();
  const rights = await clone.admin(`
    select r as role, array_to_string(array(select p from unnest(array['select', 'insert', 'update', 'delete']) p where has_table_privilege(r, 'shop.log', p)), ' ') as may
    from unnest(array['fixture_shop', 'fixture_shop_system', 'fixture_shop_lookup', 'fixture_depot', 'fixture_apps']) r`);
  expect(rights).toEqual([
    { role: 'fixture_shop', may: 'select insert' },
    { role: 'fixture_shop_system', may: 'select insert update delete' },
    { role: 'fixture_shop_lookup', may: '' },
    { role: 'fixture_depot', may: '' },
    { role: 'fixture_apps', may: '' },
  ]);
  expect(await clone.admin(`select obj_description('shop.log'::regclass) as app`)).toEqual([{ app: 'fixture_shop' }]);
});

test('a function can be called by its own domain, and by another only when its migration says so', async () => {
  await write(
    '0004_functions.sql',
    'create function shop.f() returns int return 1; create function shop.g() returns int return 1; grant usage on schema shop to :"apps"; grant execute on function shop.g() to :"apps";',
  );
  await run();
  const may = await clone.admin(
    `select r as role, has_function_privilege(r, 'shop.f()', 'execute') as f, has_function_privilege(r, 'shop.g()', 'execute') as g from unnest(array['fixture_shop', 'fixture_depot']) r`,
  );
  expect(may).toEqual([
    { role: 'fixture_shop', f: true, g: true },
    { role: 'fixture_depot', f: false, g: true },
  ]);
});

test('two processes that migrate at once both succeed, and each file is applied once', async () => {
  const code = `import { migrate } from ${JSON.stringify(new URL('../src/index.ts', import.meta.url).href)};
    await migrate(${JSON.stringify({ adminUrl: clone.adminUrl, domains, prefix, secret, root })});`;
  const migrator = () =>
    promisify(execFile)(process.execPath, ['--input-type=module', '-e', code], { cwd: fileURLToPath(new URL('..', import.meta.url)) });
  await Promise.all([migrator(), migrator(), run()]);
  expect(await ledger()).toEqual([...kernel, ...shop]);
});

test('two databases of one server can be migrated at once with roles that neither has made yet', async () => {
  const other = await cloneTemplate(inject('adminUrl'), 'template1');
  const fresh = `fresh${Date.now().toString(36)}`;
  await Promise.all([run({ prefix: fresh }), run({ prefix: fresh, adminUrl: other.adminUrl })]);
  expect(await ledger()).toEqual(
    await other.admin('select name from shop.schema_migrations order by name').then((rows) => rows.map(({ name }) => name)),
  );
  await other.drop();
  await dropRoles(fresh);
});

/** Roles outlive the database in which they own things; nothing depends on them once it is gone. */
async function dropRoles(beginning: string): Promise<void> {
  await clone.drop();
  clone = await cloneTemplate(inject('adminUrl'), 'template1');
  const roles = await clone.admin<{ role: string }>(
    `select quote_ident(rolname) as role from pg_roles where starts_with(rolname, '${beginning}')`,
  );
  await clone.admin(`drop role ${roles.map(({ role }) => role).join(', ')}`);
}

test('an administrator who is no superuser, but may create roles and owns the database, can migrate', async () => {
  const name = `owner${Date.now().toString(36)}`;
  const url = new URL(clone.adminUrl);
  await clone.admin(
    `create role ${name} login createrole createdb password 'owner'; alter database ${url.pathname.slice(1)} owner to ${name}`,
  );
  url.username = name;
  url.password = 'owner';
  const limited = `l${name}`;
  await run({ adminUrl: url.href, prefix: limited });
  await run({ adminUrl: url.href, prefix: limited });

  const pool = openPool({ url: loginUrl({ adminUrl: url.href, prefix: limited, secret, domain: 'shop' }), prefix: limited });
  expect([...(await readOnce(pool, scopeOf(system(null)), (tx) => tx.execute(sql`select current_user as role`)))]).toEqual([
    { role: `${limited}_shop` },
  ]);
  await pool.close();

  await dropRoles(limited);
  await clone.admin(`drop role ${name}`);
});

test('another secret changes the passwords, and the same one leaves them alone', async () => {
  const login = async (given: string) => {
    const pool = openPool({
      url: loginUrl({ adminUrl: clone.adminUrl, prefix: 'rotating', secret: given, domain: 'shop' }),
      prefix: 'rotating',
    });
    const answer = await readOnce(pool, scopeOf(system(null)), () => Promise.resolve('welcome')).catch(sqlState);
    await pool.close();
    return answer;
  };
  await run({ prefix: 'rotating', secret: 'one' });
  expect(await login('one')).toBe('welcome');
  await run({ prefix: 'rotating', secret: 'two' });
  expect([await login('one'), await login('two')]).toEqual(['28P01', 'welcome']);
  await dropRoles('rotating');
});

test.each([
  ['a server that does not answer', (url: URL) => void (url.port = '1'), /^No PostgreSQL answers at 127.0.0.1:1\.$/],
  ['a wrong password', (url: URL) => void (url.password = 'wrong'), /refuses the user "postgres"\.$/],
  ['a database that does not exist', (url: URL) => void (url.pathname = '/nowhere'), /^The database "nowhere" does not exist/],
])('%s is an error for the operator, in one line that shows no password', async (_, change, message) => {
  const url = new URL(clone.adminUrl);
  const { password } = url;
  change(url);
  const error: unknown = await run({ adminUrl: url.href }).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(OperatorError);
  expect(error).toMatchObject({ message: expect.stringMatching(message) as string, hint: expect.any(String) as string });
  expect(String(error)).not.toContain(password);
});
