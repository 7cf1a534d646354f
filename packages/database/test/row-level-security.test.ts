import { newId, toUuid, type StoreId } from '@storegraph/core';
import type { Identity } from '@storegraph/auth';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { declaredTables, own, owned, sqlState, tableClass, type Pool, type Tx } from '../src/index.ts';
import { fixtureDatabase, identityOf, readOnce, scopeOf, type FixtureDatabase } from './fixtures/database.ts';
import { bins, notes, plans, profiles } from './fixtures/tables.ts';

let database: FixtureDatabase;
let pool: Pool;
const [mine, theirs] = [newId('sto'), newId('sto')];
const [ann, bob] = [newId('cus'), newId('cus')];
const [eve, fay] = [newId('usr'), newId('usr')];

beforeAll(async () => {
  database = await fixtureDatabase(inject('adminUrl'));
  pool = database.open();
  for (const store of [mine, theirs]) {
    await as(identityOf('STAFF', store, eve), (tx) =>
      tx
        .insert(notes)
        .values([ann, bob, null].map((customerId) => owned(tx, { id: newId('note'), customerId, body: `${store} ${customerId}` }))),
    );
  }
  for (const userId of [eve, fay])
    await as(identityOf('STAFF', mine, userId), (tx) => tx.insert(profiles).values({ id: newId('prf'), userId, name: userId }));
  await as(identityOf('PLATFORM', null, eve), (tx) => tx.insert(plans).values({ id: newId('plan'), name: 'basic' }));
});
afterAll(async () => {
  await pool.close();
  await database.drop();
});

async function as<T>(identity: Identity, fn: (tx: Tx) => Promise<T>, domain = 'shop'): Promise<T> {
  const db = pool.session(scopeOf(identity, domain));
  try {
    return await db.write(fn);
  } finally {
    await db.end();
  }
}

/** Every row that the policies show, with no filter of our own. */
const unfiltered = async (identity: Identity): Promise<string[]> =>
  (await as(identity, (tx) => tx.select({ body: notes.body }).from(notes))).map(({ body }) => body).sort();

const ofStore = (store: StoreId) => [ann, bob, null].map((customer) => `${store} ${customer}`).sort();

test.each(['STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'] as const)('policies alone show %s the rows of its own store', async (kind) => {
  expect(await unfiltered(identityOf(kind, mine))).toEqual(ofStore(mine));
  expect(await unfiltered(identityOf(kind, theirs))).toEqual(ofStore(theirs));
});

test('policies alone show a customer the rows that name that customer, in that store, and let nothing be changed', async () => {
  const customer = identityOf('CUSTOMER', mine, ann);
  expect(await unfiltered(customer)).toEqual([`${mine} ${ann}`]);
  expect(await as(customer, (tx) => tx.update(notes).set({ body: 'changed' }).returning())).toEqual([]);
  expect(await as(customer, (tx) => tx.delete(notes).returning())).toEqual([]);
  const insert = as(customer, (tx) => tx.insert(notes).values(owned(tx, { id: newId('note'), customerId: ann, body: 'new' })));
  expect(await insert.catch(sqlState)).toBe('42501');
});

test.each([
  ['an anonymous visitor of the store', identityOf('ANONYMOUS', mine)],
  ['a customer without an id', identityOf('CUSTOMER', mine)],
  ['staff without a store', identityOf('STAFF', null, eve)],
  ['platform staff without a store', identityOf('PLATFORM', null, eve)],
  ['the kernel without a store', identityOf('SYSTEM', null)],
])('%s sees nothing', async (_, identity) => {
  expect(await unfiltered(identity)).toEqual([]);
});

test('settings that are missing, or empty since an earlier transaction set them, show nothing and throw nothing', async () => {
  const seen = await as(identityOf('SYSTEM', mine), async (tx) => {
    await tx.execute(sql`select set_config('app.store_id', '', true)`);
    const empty = await tx.select().from(notes);
    await tx.execute(sql`select set_config('app.store_id', ${toUuid(mine)}, true), set_config('app.kind', '', true)`);
    return [...empty, ...(await tx.select().from(notes))];
  });
  expect(seen).toEqual([]);
  const withoutSettings = await database.admin(
    'begin; set local role fixture_shop; select * from shop.notes; select * from shop.profiles; select * from shop.plans; commit',
  );
  expect(withoutSettings.flat()).toEqual([]);
});

test('a row of another store is neither inserted, nor moved there, nor changed', async () => {
  const staff = identityOf('STAFF', mine, eve);
  const foreign = as(staff, (tx) => tx.insert(notes).values({ storeId: theirs, id: newId('note'), body: 'foreign' }));
  expect(await foreign.catch(sqlState)).toBe('42501');
  expect(await as(staff, (tx) => tx.update(notes).set({ storeId: theirs })).catch(sqlState)).toBe('42501');
  expect(await as(staff, (tx) => tx.update(notes).set({ rank: 1n }).where(eq(notes.storeId, theirs)).returning())).toEqual([]);
});

test('filters alone hold too, with row-level security off', async () => {
  const open = await fixtureDatabase(inject('adminUrl'));
  await open.admin('alter table shop.notes disable row level security');
  const unguarded = open.open();
  for (const store of [mine, theirs]) {
    await unguarded
      .session(scopeOf(identityOf('STAFF', store)))
      .write((tx) => tx.insert(notes).values(owned(tx, { id: newId('note'), body: store })));
  }
  const db = unguarded.session(scopeOf(identityOf('STAFF', mine)));
  expect(await db.read((tx) => tx.select({ body: notes.body }).from(notes))).toHaveLength(2);
  expect(await db.read((tx) => tx.select({ body: notes.body }).from(notes).where(own(tx, notes)))).toEqual([{ body: mine }]);
  expect(await db.write((tx) => tx.update(notes).set({ rank: 1n }).where(own(tx, notes)).returning({ body: notes.body }))).toEqual([
    { body: mine },
  ]);
  await db.end();
  await unguarded.close();
  await open.drop();
});

test('a person sees their own rows in any store, the kernel all, and others none', async () => {
  const names = async (identity: Identity) =>
    (await as(identity, (tx) => tx.select({ name: profiles.name }).from(profiles))).map(({ name }) => name).sort();
  expect(await names(identityOf('STAFF', theirs, eve))).toEqual([eve]);
  expect(await names(identityOf('PLATFORM', null, fay))).toEqual([fay]);
  expect(await names(identityOf('SYSTEM', null))).toEqual([eve, fay].sort());
  expect(await names(identityOf('CUSTOMER', mine, ann))).toEqual([]);
  expect(await names(identityOf('ANONYMOUS', mine))).toEqual([]);
});

test('a platform table is read by the kinds it lists and written by the platform', async () => {
  const count = async (identity: Identity) => (await as(identity, (tx) => tx.select().from(plans))).length;
  expect([
    await count(identityOf('STAFF', mine)),
    await count(identityOf('SYSTEM', null)),
    await count(identityOf('CUSTOMER', mine, ann)),
  ]).toEqual([1, 1, 0]);
  const write = as(identityOf('STAFF', mine, eve), (tx) => tx.insert(plans).values({ id: newId('plan'), name: 'mine' }));
  expect(await write.catch(sqlState)).toBe('42501');
});

test('a domain has no rights on the tables of another, nor on the ledger of migrations', async () => {
  const staff = identityOf('STAFF', mine, eve);
  expect(await as(staff, (tx) => tx.select().from(bins).where(own(tx, bins)), 'depot')).toEqual([]);
  expect(await as(staff, (tx) => tx.select().from(bins).where(own(tx, bins)), 'shop').catch(sqlState)).toBe('42501');
  expect(await as(staff, (tx) => tx.select().from(notes), 'depot').catch(sqlState)).toBe('42501');
  expect(await as(staff, (tx) => tx.execute(sql`select * from shop.schema_migrations`)).catch(sqlState)).toBe('42501');
});

test('the login of one domain can become that domain alone', async () => {
  const split = database.open({ url: database.loginOf('depot') });
  const read = (domain: string) =>
    readOnce(split, scopeOf(identityOf('STAFF', mine), domain), (tx) => tx.execute(sql`select current_user as role`));
  expect([...(await read('depot'))]).toEqual([{ role: 'fixture_depot' }]);
  expect(await read('shop').catch(sqlState)).toBe('42501');
  await split.close();
});

test('a sweep sees the rows of every store; a request of kind SYSTEM does not', async () => {
  expect(await pool.sweep('shop', (tx) => tx.select({ id: notes.id }).from(notes))).toHaveLength(6);
  expect(await pool.sweep('shop', (tx) => tx.select().from(notes).where(own(tx, notes))).catch(sqlState)).toBe('NO_STORE');
});

test('a look-up function finds what row-level security hides, and only what it was made for', async () => {
  const stranger = identityOf('ANONYMOUS', null);
  const found = await as(stranger, (tx) => tx.execute(sql`select shop.store_of_note(${`${theirs} ${ann}`}) as store`));
  expect([...found]).toEqual([{ store: toUuid(theirs) }]);
});

test('no role of the deployment is a superuser, bypasses row-level security, or owns what requests touch', async () => {
  const powerful = await database.admin(
    `select rolname from pg_roles where rolname like 'fixture%' and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb)`,
  );
  expect(powerful).toEqual([]);
  const owners = await database.admin(`select distinct tableowner from pg_tables where schemaname in ('shop', 'depot') order by 1`);
  expect(owners).toEqual([{ tableowner: 'fixture_depot_owner' }, { tableowner: 'fixture_shop_owner' }]);
});

test('each declared table stands in the database with forced row-level security and the policies of its class', async () => {
  const declared = declaredTables()
    .filter(({ schema }) => ['shop', 'depot'].includes(schema))
    .map((info) => ({
      name: `${info.schema}.${info.name}`,
      policies: info.policies.map((policy) => policy.name).sort(),
    }));
  const found = await database.admin<{ name: string; forced: boolean; policies: string[] }>(`
    select n.nspname || '.' || c.relname as name, c.relrowsecurity and c.relforcerowsecurity as forced,
      coalesce((select json_agg(polname order by polname) from pg_policy where polrelid = c.oid), '[]') as policies
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('shop', 'depot') and c.relkind = 'r' and c.relname not in ('schema_migrations', 'idempotency_keys', 'handled_events') order by 1`);
  expect(found.filter(({ forced }) => forced).map(({ name }) => name)).toEqual(declared.map(({ name }) => name).sort());
  expect(found.filter(({ forced }) => !forced)).toEqual([]);
  for (const { name, policies } of declared)
    expect(found.find((table) => table.name === name)?.policies).toEqual(expect.arrayContaining(policies));
  expect([tableClass(notes), tableClass(profiles), tableClass(plans)]).toEqual(['tenant', 'user', 'platform']);
});
