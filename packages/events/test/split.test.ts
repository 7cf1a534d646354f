import { silentLogger } from '@storegraph/core';
import { openPool, sqlState } from '@storegraph/database';
import { testDatabase } from '@storegraph/testing';
import { sql } from 'drizzle-orm';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { createPostgresTransport, defineEvent, emit, idOf, startDispatcher } from '../src/index.ts';
import { noted, reactionOf, thing, write } from './support.ts';

const database = await testDatabase();
const url = database.loginOf('customers');
const pool = openPool({ url });
const transport = createPostgresTransport({ url });
afterAll(async () => {
  await transport.close();
  await pool.close();
});

const unheard = defineEvent({
  type: 'test.unheard',
  version: 1,
  producer: 'orders',
  description: 'Nobody in customers subscribes to it.',
  aggregate: (payload) => payload.thing,
  payload: z.object({ thing: idOf('thg') }),
});

test('a process with the login of one domain reacts, and its role sees the types that it subscribes to and no other', async () => {
  const it = thing();
  await write(database.pool, (tx) => emit(tx, noted({ thing: it, number: 1 }), unheard({ thing: it })));
  const seen: number[] = [];
  const reaction = reactionOf('customers.test-split', 'projection', noted, async (_, { payload }) => void seen.push(payload.number));
  // Only the wake-up after the commit is soon enough.
  const dispatcher = await startDispatcher({
    transport,
    pool,
    reactions: [{ domain: 'customers', reaction }],
    log: silentLogger,
    pollMs: 60_000,
  });
  await dispatcher.idle();
  await write(database.pool, (tx) => emit(tx, noted({ thing: it, number: 2 })));
  await expect.poll(() => seen, { timeout: 5_000 }).toEqual([1, 2]);

  const visible = async (domain: string) => {
    const rows = await database.pool.sweep(domain, (tx) =>
      tx.execute<{ type: string }>(sql`select distinct type from events.log order by type`),
    );
    return rows.map(({ type }) => type);
  };
  expect(await visible('customers')).toEqual(['test.noted']);
  expect(await visible('orders')).toEqual([]);
  await dispatcher.stop();
});

test('a dispatcher of one domain can not touch another’s consumers, write to the log, or read a secret but through its function', async () => {
  const name = 'customers.test-foreign';
  await transport.register([{ name, domain: 'customers', kind: 'projection', types: ['test.noted'] }]);
  const asOrders = (statement: string) => database.pool.sweep('orders', (tx) => tx.execute(sql.raw(statement)));
  expect(await asOrders(`update events.consumers set position = 0, begun_position = 0 where name = '${name}' returning name`)).toHaveLength(
    0,
  );
  const foreign = `insert into events.consumers (name, domain, kind, types, position, begun_position, started_position)`;
  const denied = (error: unknown) => sqlState(error) === '42501';
  await expect(asOrders(`${foreign} values ('customers.mine', 'customers', 'effect', '{}', 0, 0, 0)`)).rejects.toSatisfy(denied);
  await expect(asOrders(`${foreign} values ('customers.mine', 'orders', 'effect', '{}', 0, 0, 0)`)).rejects.toSatisfy(
    (error) => sqlState(error) === '23514',
  );
  for (const statement of [
    `update events.log set payload = '{}'`,
    'delete from events.log',
    'insert into events.log (position) values (1)',
    'select secret from events.log',
  ]) {
    await expect(asOrders(statement), statement).rejects.toSatisfy(denied);
  }
});
