import { setTimeout as sleep } from 'node:timers/promises';
import { fail, newId, ok } from '@storegraph/core';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { afterCommit, constraintOf, own, owned, savepoint, sqlState, unawaited, type Pool, type Tx } from '../src/index.ts';
import { fixtureDatabase, type FixtureDatabase, inStore, readOnce } from './fixtures/database.ts';
import { notes } from './fixtures/tables.ts';

let database: FixtureDatabase;
let pool: Pool;
let sent: string[] = [];
beforeAll(async () => {
  database = await fixtureDatabase(inject('adminUrl'));
  pool = database.open({
    max: 3,
    acquireTimeoutMs: 3_000,
    onStatement: (statement) => void sent.push(statement.split(' ', 2).join(' ').trim()),
  });
});
afterAll(async () => {
  await pool.close();
  await database.drop();
});
beforeEach(() => {
  sent = [];
});

const add = (tx: Tx, body: string) =>
  tx
    .insert(notes)
    .values(owned(tx, { id: newId('note'), body }))
    .returning();
const bodies = async (tx: Tx) =>
  (await tx.select({ body: notes.body }).from(notes).where(own(tx, notes)).orderBy(notes.body)).map(({ body }) => body);

test('the reads of a request share one transaction, which the first one opens and the end closes', async () => {
  const db = pool.session(inStore());
  await db.end();
  expect(sent).toEqual([]);

  const request = pool.session(inStore());
  await Promise.all([request.read(bodies), request.read(bodies)]);
  await request.read(bodies);
  await request.end();
  expect(sent).toEqual(['begin read', "select set_config('role',", 'select "body"', 'select "body"', 'select "body"', 'commit']);
});

test('a write ends the shared read first, serves the reads inside it, and sees and keeps its own changes', async () => {
  const db = pool.session(inStore());
  await db.read(bodies);
  const inside = await db.write(async (tx) => {
    await add(tx, 'one');
    return db.read(bodies);
  });
  expect(inside).toEqual(['one']);
  expect(sent.filter((statement) => statement.startsWith('begin') || statement === 'commit')).toEqual([
    'begin read',
    'commit',
    'begin read',
    'commit',
  ]);
  expect(await db.read(bodies)).toEqual(['one']);
  await db.end();
});

test('100 requests that read and then write, and 100 that do both at once, all end on a pool of 3', async () => {
  const request = async (together: boolean) => {
    const db = pool.session(inStore());
    const read = db.read(bodies);
    if (!together) await read;
    const wrote = db.write((tx) => add(tx, 'x'));
    const more = db.read(bodies);
    await Promise.all([read, wrote, more]);
    await db.end();
    return 'ended';
  };
  const ended = await Promise.all(Array.from({ length: 200 }, (_, index) => request(index % 2 === 0)));
  expect(ended.filter((outcome) => outcome === 'ended')).toHaveLength(200);
});

test('whoever finds every connection in use fails with POOL_TIMEOUT when the time is up', async () => {
  const small = database.open({ max: 1, acquireTimeoutMs: 100 });
  const holder = small.session(inStore());
  await holder.read(bodies);
  expect(await readOnce(small, inStore(), bodies).catch(sqlState)).toBe('POOL_TIMEOUT');
  await holder.end();
  expect(await readOnce(small, inStore(), bodies)).toEqual([]);
  await small.close();
});

test('the parallel writes of one request run one after the other', async () => {
  const db = pool.session(inStore());
  const order: string[] = [];
  const write = (name: string) =>
    db.write(async () => {
      order.push(`${name} begins`);
      await sleep(20);
      order.push(`${name} ends`);
    });
  await Promise.all([write('a'), write('b')]);
  expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  await db.end();
});

test('a write inside a read or a write is refused instead of waiting for itself', async () => {
  const db = pool.session(inStore());
  expect(await db.write(() => db.write(() => Promise.resolve())).catch(sqlState)).toBe('NESTED_WRITE');
  expect(await db.read(() => db.write(() => Promise.resolve())).catch(sqlState)).toBe('NESTED_WRITE');
  expect(await db.write(() => Promise.resolve('still works'))).toBe('still works');
  await db.end();
});

test('a failed statement ends the shared read: reads beside it are repeated, and later ones succeed', async () => {
  const db = pool.session(inStore());
  const failing = db.read((tx) => tx.execute(sql`select 1 / 0`)).catch(sqlState);
  const beside = Promise.all([db.read(bodies), db.read(bodies)]);
  expect(await failing).toBe('22012');
  expect(await beside).toEqual([[], []]);
  expect(await db.read(bodies)).toEqual([]);
  await db.end();
});

test('a read whose connection was lost is repeated on another', async () => {
  const db = pool.session(inStore());
  const [backend] = await db.read((tx) => tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`));
  await database.admin('select pg_terminate_backend($1)', [backend?.pid ?? 0]);
  expect(await db.read(bodies)).toEqual([]);
  await db.end();
});

test('a read can not write', async () => {
  const db = pool.session(inStore());
  expect(await db.read((tx) => add(tx, 'smuggled')).catch(sqlState)).toBe('25006');
  await db.end();
});

test('a write that throws or refuses leaves nothing behind', async () => {
  const db = pool.session(inStore());
  await expect(
    db.write(async (tx) => {
      await add(tx, 'thrown');
      throw new Error('no');
    }),
  ).rejects.toThrow('no');
  const refused = await db.write(async (tx) => {
    await add(tx, 'refused');
    return fail('NO', 'No.');
  });
  expect(refused).toEqual({ ok: false, problems: [{ code: 'NO', message: 'No.', field: null }] });
  expect(await db.read(bodies)).toEqual([]);
  await db.end();
});

test('hooks: onWrite around each write, beforeCommit inside those that succeed, afterCommit when they are committed', async () => {
  const calls: string[] = [];
  const scope = inStore();
  const db = pool.session(scope, {
    onWrite: () => void calls.push('onWrite'),
    beforeCommit: async (tx, result) => {
      calls.push(`beforeCommit ${JSON.stringify(result)}`);
      await add(tx, 'audit');
    },
  });
  await db.write((tx) => {
    afterCommit(tx, () => void calls.push('afterCommit'));
    return Promise.resolve(ok(1));
  });
  await db.write((tx) => {
    afterCommit(tx, () => void calls.push('never'));
    return Promise.resolve(fail('NO', 'No.'));
  });
  expect(calls).toEqual(['onWrite', 'beforeCommit {"ok":true,"value":1}', 'afterCommit', 'onWrite', 'onWrite', 'onWrite']);
  expect(await db.read(bodies)).toEqual(['audit']);
  await db.end();
});

test('a savepoint undoes only what failed in it, and a violated constraint is known by its name', async () => {
  const db = pool.session(inStore());
  await db.write(async (tx) => {
    await add(tx, 'kept');
    const error: unknown = await savepoint(tx, async () => {
      await add(tx, 'undone');
      await add(tx, 'kept');
    }).catch((caught: unknown) => caught);
    expect(constraintOf(error)).toBe('notes_body_unique');
    await add(tx, 'kept too');
  });
  expect(await db.read(bodies)).toEqual(['kept', 'kept too']);
  await db.end();
});

test('statements that nobody waits for are done by the commit, and one that fails fails the transaction with its own error', async () => {
  const db = pool.session(inStore());
  const sure = (tx: Tx, body: string) => unawaited(tx, tx.insert(notes).values(owned(tx, { id: newId('note'), body })));
  await db.write((tx) => {
    sure(tx, 'first');
    sure(tx, 'second');
    return Promise.resolve();
  });
  expect(await db.read(bodies)).toEqual(['first', 'second']);
  const committed: string[] = [];
  const twice = (after: (tx: Tx) => Promise<unknown>) =>
    db.write(async (tx) => {
      sure(tx, 'third');
      sure(tx, 'third');
      afterCommit(tx, () => void committed.push('never'));
      await after(tx);
    });
  expect(constraintOf(await twice(() => Promise.resolve()).catch((error: unknown) => error))).toBe('notes_body_unique');
  expect(constraintOf(await twice(bodies).catch((error: unknown) => error))).toBe('notes_body_unique');
  expect(committed).toEqual([]);
  expect(await db.read(bodies)).toEqual(['first', 'second']);
  await db.end();
});

test('a savepoint waits for what nobody else waits for in it, and undoes its failure', async () => {
  const db = pool.session(inStore());
  await db.write(async (tx) => {
    const error: unknown = await savepoint(tx, async () => {
      await add(tx, 'undone');
      unawaited(tx, tx.insert(notes).values(owned(tx, { id: newId('note'), body: 'undone' })));
    }).catch((caught: unknown) => caught);
    expect(constraintOf(error)).toBe('notes_body_unique');
    await savepoint(tx, () => add(tx, 'kept'));
  });
  expect(await db.read(bodies)).toEqual(['kept']);
  await db.end();
});

test('a session that has ended is used no more', async () => {
  const db = pool.session(inStore());
  await db.end();
  expect(await db.read(bodies).catch(sqlState)).toBe('SESSION_ENDED');
  expect(await db.write(bodies).catch(sqlState)).toBe('SESSION_ENDED');
});

test('statements and transactions that take too long are ended by the server', async () => {
  const hasty = database.open({ max: 1, statementTimeoutMs: 100, transactionTimeoutMs: 200 });
  const slow = (tx: Tx) => tx.execute(sql`select pg_sleep(1)`);
  expect(await hasty.session(inStore()).write(slow).catch(sqlState)).toBe('57014');
  const idle = hasty.session(inStore()).write(async (tx) => {
    await sleep(400);
    return tx.execute(sql`select 1`);
  });
  expect(await idle.catch(sqlState)).toMatch(/25P04|CONNECTION_CLOSED/);
  await hasty.close();
});

test('ids, instants and big numbers come back as they were written', async () => {
  const db = pool.session(inStore());
  const createdAt = new Date('2026-02-28T23:59:59.987Z');
  const values = { id: newId('note'), customerId: newId('cus'), body: 'exact', rank: 2n ** 62n, createdAt };
  const [row] = await db.write((tx) => tx.insert(notes).values(owned(tx, values)).returning());
  expect(row).toMatchObject({ ...values, storeId: db.scope.identity.storeId });
  expect(
    await db.read((tx) =>
      tx
        .select()
        .from(notes)
        .where(own(tx, notes, eq(notes.id, values.id))),
    ),
  ).toEqual([row]);
  await db.end();
});
