import { newId } from '@storegraph/core';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { insertRow, insertRows, own, owned, sqlState, type Pool } from '../src/index.ts';
import { fixtureDatabase, inStore, type FixtureDatabase } from './fixtures/database.ts';
import { notes } from './fixtures/tables.ts';

let database: FixtureDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await fixtureDatabase(inject('adminUrl'));
  pool = database.open({ max: 2 });
});
afterAll(async () => {
  await pool.close();
  await database.drop();
});

test('rows that are inserted at once are those that were given: tabs, line ends, backslashes, nulls, large numbers and all', async () => {
  const db = pool.session(inStore());
  const bodies = ['plain', 'tab\tline\nreturn\rback\\slash \\N \\.', '', 'ümlaut 🐘'];
  const rows = bodies.map((body, index) => ({
    id: newId('note'),
    customerId: index % 2 ? newId('cus') : null,
    body,
    rank: 2n ** 62n + BigInt(index),
    createdAt: new Date(index),
  }));
  expect(
    await db.write((tx) =>
      insertRows(
        tx,
        notes,
        rows.map((row) => owned(tx, row)),
      ),
    ),
  ).toBe(4);
  expect(await db.read((tx) => tx.select().from(notes).where(own(tx, notes)).orderBy(notes.rank))).toMatchObject(rows);
  await db.end();
});

test('15,000 rows in two inserts of one transaction, and rows that are there already left alone', async () => {
  const db = pool.session(inStore());
  const rows = Array.from({ length: 10_000 }, (_, index) => ({ id: newId('note'), body: `row ${index}` }));
  const inserted = await db.write(async (tx) => {
    const all = rows.map((row) => owned(tx, row));
    return [
      await insertRows(tx, notes, all.slice(0, 5_000)),
      await insertRows(tx, notes, all, { onConflict: sql`on conflict do nothing` }),
    ];
  });
  expect(inserted).toEqual([5_000, 5_000]);
  expect(await db.read((tx) => tx.$count(notes, own(tx, notes)))).toBe(10_000);
  await db.end();
});

test('rows of another store are refused by the policies', async () => {
  const db = pool.session(inStore());
  const foreign = db.write((tx) => insertRows(tx, notes, [{ storeId: newId('sto'), id: newId('note'), body: 'foreign' }]));
  expect(await foreign.catch(sqlState)).toBe('42501');
  await db.end();
});

test('a connection that dies between two statements of an insert fails it, and nothing else', async () => {
  const db = pool.session(inStore());
  const copied = db.write(async (tx) => {
    const [backend] = await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
    const kill = database.admin('select pg_terminate_backend($1)', [backend?.pid ?? 0]);
    function* rows() {
      for (let index = 0; index < 2_000_000; index += 1) yield owned(tx, { id: newId('note'), body: `row ${index}` });
    }
    const [count] = await Promise.all([insertRows(tx, notes, rows()), kill]);
    return count;
  });
  expect(await copied.catch(sqlState)).toMatch(/CONNECTION_CLOSED|EPIPE|ECONNRESET/);
  expect(await pool.session(inStore()).write((tx) => tx.$count(notes, own(tx, notes)))).toBe(0);
  await db.end();
});

test('a row that is inserted alone comes back as it then is, with what the database found for it', async () => {
  const db = pool.session(inStore());
  const values = {
    customerId: newId('cus'),
    body: 'tab\t "quoted" \\',
    createdAt: new Date('2026-02-28T23:59:59.987Z'),
  };
  const added = (body: string) =>
    db.write((tx) =>
      insertRow(tx, notes, owned(tx, { ...values, id: newId('note'), body, rank: sql`(select rank from next)` }), {
        with: sql`with next as (select ${2n ** 62n}::bigint as rank)`,
        onConflict: sql`on conflict (store_id, body) do nothing`,
      }),
    );
  expect(await added(values.body)).toMatchObject({ ...values, rank: 2n ** 62n, storeId: db.scope.identity.storeId });
  expect(await added(values.body)).toBeUndefined();
  const [read] = await db.read((tx) => tx.select().from(notes).where(own(tx, notes)));
  expect(read).toMatchObject({ ...values, rank: 2n ** 62n });
  await db.end();
});
