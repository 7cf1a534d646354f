import { isRefusal, newId, type Id, type Result } from '@storegraph/core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import {
  ascending,
  descending,
  keyset,
  own,
  owned,
  type Connection,
  type Db,
  type PageArguments,
  type Pool,
  type SortKey,
} from '../src/index.ts';
import { fixtureDatabase, inStore, type FixtureDatabase } from './fixtures/database.ts';
import { notes } from './fixtures/tables.ts';

let database: FixtureDatabase;
let pool: Pool;
let db: Db;
beforeAll(async () => {
  database = await fixtureDatabase(inject('adminUrl'));
  pool = database.open();
  db = pool.session(inStore());
  // Ranks with ties and nulls.
  const rows = Array.from({ length: 23 }, (_, index) => ({
    id: newId('note'),
    body: `n${index}`,
    rank: index % 5 === 0 ? null : BigInt(index % 4),
    createdAt: new Date(index % 7),
  }));
  await db.write((tx) => tx.insert(notes).values(rows.map((row) => owned(tx, row))));
});
afterAll(async () => {
  await db.end();
  await pool.close();
  await database.drop();
});

type Row = typeof notes.$inferSelect;

const orders: Record<string, SortKey[]> = {
  'by time, newest first': [descending(notes.createdAt)],
  'by rank, with nulls, ascending': [ascending(notes.rank)],
  'by rank, with nulls, descending': [descending(notes.rank)],
  'by time ascending and rank descending': [ascending(notes.createdAt), descending(notes.rank)],
  'by id alone': [ascending(notes.id)],
};

async function read(input: PageArguments, sort: SortKey[]): Promise<Connection<Row>> {
  const list = value(keyset(input, { table: notes, sort, id: notes.id }));
  return db.read(async (tx) => {
    const rows = await tx
      .select()
      .from(notes)
      .where(own(tx, notes, list.where))
      .orderBy(...list.orderBy)
      .limit(list.limit);
    return list.connection(rows, () => db.read((inner) => inner.$count(notes, own(inner, notes))));
  });
}

function value<T>(result: Result<T>): T {
  if (isRefusal(result)) throw new Error(result.problems[0]?.code);
  return result.value;
}

const ids = (page: Connection<Row>): Id[] => page.nodes.map(({ id }) => id);

test.each(Object.entries(orders))('%s: pages forward and backward give each row once, in the order of the whole list', async (_, sort) => {
  const whole = ids(await read({ first: 100 }, sort));
  expect(new Set(whole).size).toBe(23);
  const forward: Id[] = [];
  for (let after: string | null = null, more = true; more;) {
    const page = await read({ first: 4, after }, sort);
    forward.push(...ids(page));
    ({ endCursor: after, hasNextPage: more } = page.pageInfo);
  }
  expect(forward).toEqual(whole);
  const backward: Id[] = [];
  for (let before: string | null = null, more = true; more;) {
    const page = await read({ last: 4, before }, sort);
    backward.unshift(...ids(page));
    ({ startCursor: before, hasPreviousPage: more } = page.pageInfo);
  }
  expect(backward).toEqual(whole);
});

test('the page says what lies around it, and counts only when it is asked to', async () => {
  const sort = [ascending(notes.id)];
  const first = await read({}, sort);
  expect([first.nodes.length, first.pageInfo.hasNextPage, first.pageInfo.hasPreviousPage]).toEqual([23, false, false]);
  const page = await read({ first: 2, after: first.edges[4]?.cursor }, sort);
  expect(ids(page)).toEqual(ids(first).slice(5, 7));
  expect([page.pageInfo.hasNextPage, page.pageInfo.hasPreviousPage, page.pageInfo.startCursor]).toEqual([
    true,
    true,
    first.edges[5]?.cursor,
  ]);
  expect(await page.totalCount()).toBe(23);
  expect((await read({ first: 0 }, sort)).pageInfo).toEqual({
    hasNextPage: true,
    hasPreviousPage: false,
    startCursor: null,
    endCursor: null,
  });
});

const cursor = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url');

test.each<[string, PageArguments, string]>([
  ['more than the most', { first: 101 }, 'first'],
  ['less than none', { first: -1 }, 'first'],
  ['a part of one', { last: 1.5 }, 'last'],
  ['both ends', { first: 1, last: 1 }, 'first'],
  ['a cursor that is none', { after: 'nonsense' }, 'after'],
  ['a cursor of another order', { after: cursor('id-', '0197f1a2-0000-7000-8000-000000000000') }, 'after'],
  ['a cursor with a value of another type', { before: cursor('rank-id-', 'many', '0197f1a2-0000-7000-8000-000000000000') }, 'before'],
  [
    'a cursor with a value out of range',
    { after: cursor('rank-id-', '9223372036854775808', '0197f1a2-0000-7000-8000-000000000000') },
    'after',
  ],
  ['a cursor with a part too few', { after: cursor('rank-id-', '1') }, 'after'],
])('%s is refused with BAD_PAGE and names the argument', (_, input, field) => {
  expect(keyset(input, { table: notes, sort: [descending(notes.rank)], id: notes.id })).toMatchObject({
    ok: false,
    problems: [{ code: 'BAD_PAGE', field: [field] }],
  });
});
