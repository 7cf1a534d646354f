import { newId, type Id } from '@storegraph/core';
import { and, eq, gt, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { own, owned, prepared, type Pool, type Tx } from '../src/index.ts';
import { fixtureDatabase, inStore, readOnce, type FixtureDatabase } from './fixtures/database.ts';
import { notes } from './fixtures/tables.ts';

let database: FixtureDatabase;
let pool: Pool;
let sent: string[] = [];
beforeAll(async () => {
  database = await fixtureDatabase(inject('adminUrl'));
  pool = database.open({ onStatement: (statement) => void sent.push(statement) });
});
afterAll(async () => {
  await pool.close();
  await database.drop();
});

type Note = typeof notes.$inferSelect;

const ranked = prepared<{ readonly above: bigint; readonly limit: number }, Note>((tx, parameter) =>
  tx
    .select()
    .from(notes)
    .where(own(tx, notes, gt(notes.rank, sql`${parameter(({ above }) => String(above))}::bigint`)))
    .orderBy(notes.rank)
    .limit(parameter(({ limit }) => limit)),
);

async function add(scope: ReturnType<typeof inStore>, rows: readonly Partial<Note>[]): Promise<void> {
  const db = pool.session(scope);
  await db.write((tx) => tx.insert(notes).values(rows.map((row) => owned(tx, { id: newId('note'), body: newId('body'), ...row }))));
  await db.end();
}

test('a prepared query gives the rows of its store that the same query gives when it is made anew, for any values', async () => {
  const [scope, other] = [inStore(), inStore()];
  await add(scope, [{ rank: 1n }, { rank: 2n, customerId: newId('cus') }, { rank: 3n }, { rank: null }]);
  await add(other, [{ rank: 2n }]);
  const anew = (tx: Tx, above: bigint, limit: number) =>
    tx
      .select()
      .from(notes)
      .where(own(tx, notes, gt(notes.rank, above)))
      .orderBy(notes.rank)
      .limit(limit);

  for (const [above, limit, expected] of [
    [0n, 10, [1n, 2n, 3n]],
    [1n, 1, [2n]],
    [3n, 10, []],
  ] as const) {
    const [rows, same] = await readOnce(pool, scope, (tx) => Promise.all([ranked(tx, { above, limit }), anew(tx, above, limit)]));
    expect(rows.map(({ rank }) => rank)).toEqual(expected);
    expect(rows).toEqual(same);
  }
  expect((await readOnce(pool, other, (tx) => ranked(tx, { above: 0n, limit: 10 }))).map(({ rank }) => rank)).toEqual([2n]);
});

test('it is made once, and sent with the same text each time', async () => {
  let made = 0;
  const named = prepared<string, { id: Id<'note'>; length: number }>((tx, parameter) => {
    made += 1;
    const length = sql`length(${notes.body})`.mapWith(Number).as('length');
    return tx
      .select({ id: notes.id, length })
      .from(notes)
      .where(
        own(
          tx,
          notes,
          and(
            eq(
              notes.body,
              parameter((body) => body),
            ),
            eq(sql`1`, 1),
          ),
        ),
      );
  });
  const scopes = [inStore(), inStore()];
  for (const scope of scopes) await add(scope, [{ body: 'four' }, { body: 'other' }]);
  sent = [];
  for (const scope of scopes) {
    const rows = await readOnce(pool, scope, (tx) => named(tx, 'four'));
    expect(rows).toEqual([{ id: expect.stringMatching(/^note_/), length: 4 }]);
  }
  expect(made).toBe(1);
  expect(new Set(sent.filter((statement) => statement.includes('length('))).size).toBe(1);
});

test('it runs in the transaction that it is given, and in none that has ended', async () => {
  const db = pool.session(inStore());
  const seen = await db.write(async (tx) => {
    await tx.insert(notes).values(owned(tx, { id: newId('note'), body: 'new', rank: 7n }));
    return { tx, rows: await ranked(tx, { above: 0n, limit: 10 }) };
  });
  expect(seen.rows.map(({ body }) => body)).toEqual(['new']);
  await expect(ranked(seen.tx, { above: 0n, limit: 10 })).rejects.toMatchObject({ code: 'TRANSACTION_ENDED' });
  await db.end();
});

test('rows of several tables are refused', async () => {
  const second = alias(notes, 'second');
  const joined = prepared<null, unknown>((tx) => tx.select().from(notes).innerJoin(second, eq(second.id, notes.id)).where(own(tx, notes)));
  await expect(readOnce(pool, inStore(), (tx) => joined(tx, null))).rejects.toThrow('flat rows');
});
