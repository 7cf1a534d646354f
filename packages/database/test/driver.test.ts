import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { openPool, sqlState, type Tx } from '../src/index.ts';
import { fakeServer } from './fixtures/fake-server.ts';
import { fixtureDatabase, inStore, type FixtureDatabase } from './fixtures/database.ts';
import { killConnections, startTenants } from './fixtures/tenants.ts';

let database: FixtureDatabase;
beforeAll(async () => {
  database = await fixtureDatabase(inject('adminUrl'));
});
afterAll(() => database.drop());

test('connections that die in transactions neither mix tenants, nor commit what was rolled back, nor leave a promise pending', async () => {
  const pool = database.open({ max: 4, acquireTimeoutMs: 20_000 });
  const tenants = startTenants(pool, 8);
  await killConnections(database.admin, 'fixture_login', 150, 5);
  expect(await tenants.stop()).toBe(0);
  const { committed, ...violations } = await tenants.verdict(database.admin);
  expect(violations).toEqual({
    underAnotherTenant: 0,
    ofAnotherRead: 0,
    ofRolledBack: 0,
    half: 0,
    committedButAbsent: 0,
    failedButPresent: 0,
  });
  expect(committed).toBeGreaterThan(20);
  await pool.close();
});

test('a commit that was acknowledged is reported as done although the connection closes before the server is ready again', async () => {
  const server = await fakeServer('after the commit is acknowledged');
  const pool = openPool({ url: server.url, max: 1 });
  const db = pool.session(inStore());
  expect(await db.write(() => Promise.resolve('kept'))).toBe('kept');
  expect(await db.write(() => Promise.resolve('and again, on a new connection'))).toBe('and again, on a new connection');
  expect(server.connections()).toBe(2);
  await pool.close();
  await server.close();
});

test('a server that closes during start-up fails the first query, and does not leave it waiting', async () => {
  const server = await fakeServer('at once');
  const pool = openPool({ url: server.url, max: 1 });
  const failure = await Promise.race([
    pool
      .session(inStore())
      .write(() => Promise.resolve())
      .catch(sqlState),
    sleep(5_000, 'waiting'),
  ]);
  expect(failure).toBe('CONNECTION_CLOSED');
  await pool.close();
  await server.close();
});

test('a transaction whose connection dies while it awaits something else fails, and what it does later reaches nobody', async () => {
  const pool = database.open({ max: 1 });
  const later: unknown[] = [];
  const lost = pool
    .session(inStore())
    .write(async (tx) => {
      const [backend] = await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
      await database.admin('select pg_terminate_backend($1)', [backend?.pid ?? 0]);
      await sleep(50);
      later.push(await tx.execute(sql`select 1`).catch(sqlState), await tx.execute(sql`select 2`).catch(sqlState));
    })
    .catch(sqlState);
  expect(await lost).toBe('CONNECTION_CLOSED');

  const seen: unknown[] = [];
  await pool.session(inStore()).write(async (tx) => {
    const number = sql`select pg_current_xact_id()::text as id`;
    seen.push(...(await tx.execute<{ id: string }>(number)));
    await sleep(100);
    seen.push(...(await tx.execute<{ id: string }>(number)));
  });
  expect(seen[0]).toEqual(seen[1]);
  expect(later).toEqual(['CONNECTION_CLOSED', 'CONNECTION_CLOSED']);
  await pool.close();
});

test('a statement that comes after its transaction has ended is refused, and not run in the next one', async () => {
  const pool = database.open({ max: 1 });
  const floating = Promise.withResolvers<unknown>();
  await pool.session(inStore()).write((tx) => {
    setTimeout(() => tx.execute(sql`select 1`).then(floating.resolve, floating.reject), 30);
    return Promise.resolve();
  });
  expect(await floating.promise.catch(sqlState)).toBe('TRANSACTION_ENDED');
  await pool.close();
});

test('a transaction that failed is not reported as committed although its error was swallowed', async () => {
  const pool = database.open({ max: 1 });
  const swallowed = pool.session(inStore()).write(async (tx) => {
    await tx.execute(sql`select 1 / 0`).catch(() => undefined);
  });
  expect(await swallowed.catch(sqlState)).toBe('22012');
  await pool.close();
});

test('a read sends its beginning, its settings and its first statement together, and a write nothing before it has begun', async () => {
  const server = await fakeServer('never');
  const pool = openPool({ url: server.url, max: 1 });
  const answer = sql`select 1`;
  const look = async () => {
    const db = pool.session(inStore());
    await db.read((tx) => tx.execute(answer));
    await db.end();
  };
  // What is not prepared yet takes its round trips.
  await look();
  const before = server.flights().length;
  await look();
  await pool.session(inStore()).write((tx) => tx.execute(answer));
  expect(server.flights().slice(before)).toEqual([
    ['begin read only', expect.stringMatching(/^select set_config\('role'/), 'select 1'],
    ['commit'],
    ['begin read write'],
    [expect.stringMatching(/^select set_config\('role'/), 'select 1'],
    ['commit'],
  ]);
  await pool.close();
  await server.close();
});

test('a read that could not begin fails with the reason, sends nothing any more, and leaves its connection to the next', async () => {
  const server = await fakeServer('the second beginning is refused');
  const pool = openPool({ url: server.url, max: 1 });
  const read = (work: (tx: Tx) => Promise<unknown>) => {
    const db = pool.session(inStore());
    return db.read(work).finally(() => db.end());
  };
  await read((tx) => tx.execute(sql`select 1`));
  const later: unknown[] = [];
  const failed = read(async (tx) => {
    await tx.execute(sql`select 1`).catch(() => undefined);
    later.push(await tx.execute(sql`select 2`).catch(sqlState));
    throw new Error('and that is all');
  });
  await expect(failed).rejects.toThrow();
  expect(later).toEqual(['57014']);
  await read((tx) => tx.execute(sql`select 3`));
  const statements = server.flights().flat();
  expect(statements).not.toContain('select 2');
  expect(statements).toContain('select 3');
  expect(server.connections()).toBe(1);
  await pool.close();
  await server.close();
});
