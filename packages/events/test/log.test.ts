import { system } from '@storegraph/auth';
import { toUuid } from '@storegraph/core';
import { identity, testDatabase } from '@storegraph/testing';
import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { activityRecorded, createPostgresTransport, emit, EventInvalid } from '../src/index.ts';
import { noted, store, thing, write } from './support.ts';

const database = await testDatabase();
const transport = createPostgresTransport({ url: database.loginOf('events') });

/** Positions of an aggregate's events, by their number. */
const positions = async (aggregate: string) =>
  database.admin<{ number: number; position: string | null }>(
    `select (payload->>'number')::integer as number, position from events.log where aggregate = $1 order by number`,
    [aggregate],
  );

async function sequence() {
  while ((await transport.news([], 0)).more);
}

beforeAll(() => () => transport.close());

describe('the log', () => {
  test('has no event of a transaction that is rolled back', async () => {
    const it = thing();
    await expect(
      write(database.pool, async (tx) => {
        await emit(tx, noted({ thing: it, number: 1 }));
        throw new Error('rolled back');
      }),
    ).rejects.toThrow('rolled back');
    expect(await positions(it)).toEqual([]);
  });

  test('keeps what the transaction says of store, actor, correlation and origin', async () => {
    const storeId = store();
    const staff = identity.staff(storeId);
    const it = thing();
    await write(
      database.pool,
      async (tx) => {
        await emit(
          tx,
          noted({ thing: it, number: 1, amount: 12345678901234567890n }, { occurredAt: new Date('2020-02-03T04:05:06.789Z') }),
        );
      },
      { identity: staff, origin: 'IMPORT' },
    );
    const [row] = await database.admin(
      `select producer, store_id, type, version, actor, origin, payload, to_char(occurred_at at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS.MS') as at
       from events.log where aggregate = $1`,
      [it],
    );
    expect(row).toMatchObject({
      producer: 'orders',
      store_id: toUuid(storeId),
      type: 'test.noted',
      version: 1,
      actor: { kind: 'STAFF', id: staff.subjectId },
      origin: 'IMPORT',
      payload: { thing: it, number: 1, amount: { $bigint: '12345678901234567890' } },
      at: '2020-02-03 04:05:06.789',
    });
  });

  test('takes a thousand events in one statement, in their order', async () => {
    const it = thing();
    await write(database.pool, (tx) => {
      database.statements();
      return emit(tx, ...Array.from({ length: 1_000 }, (_, number) => noted({ thing: it, number })));
    });
    expect(database.statements().filter((statement) => statement.includes('events.log'))).toHaveLength(1);
    await sequence();
    const given = await positions(it);
    const first = Number(given[0]?.position);
    expect(given.map(({ position }) => Number(position))).toEqual(Array.from({ length: 1_000 }, (_, number) => first + number));
  });

  test('refuses content that does not keep to the contract, and names fields, not values', () => {
    const bad = { thing: 'canary', number: 1 } as unknown as Parameters<typeof noted>[0];
    expect(() => noted(bad)).toThrow(EventInvalid);
    expect(() => noted(bad)).toThrow('test.noted does not keep to its contract: thing custom');
  });

  test('refuses a contract of another producer, and takes an audit record from every domain', async () => {
    await expect(write(database.pool, (tx) => emit(tx, noted({ thing: thing(), number: 1 })), { domain: 'customers' })).rejects.toThrow(
      'customers may not emit test.noted',
    );
    const staff = identity.staff(store());
    const actorId = staff.subjectId ?? thing();
    const record = activityRecorded(
      { action: 'orderCancel', resourceKind: 'Order', resourceId: thing(), fields: [], actorKind: 'STAFF', actorId, requestId: 'req_1' },
      { personal: { ip: '127.0.0.1', userAgent: null } },
    );
    for (const domain of ['orders', 'customers']) await write(database.pool, (tx) => emit(tx, record), { domain, identity: staff });
    expect(
      await database.admin('select producer, subject, personal from events.log where aggregate = $1 order by ordinal', [actorId]),
    ).toEqual([
      { producer: 'orders', subject: actorId, personal: { ip: '127.0.0.1', userAgent: null, reason: null } },
      { producer: 'customers', subject: actorId, personal: { ip: '127.0.0.1', userAgent: null, reason: null } },
    ]);
  });
});

describe('a role of requests', () => {
  const columns = '(id, producer, store_id, type, version, aggregate, occurred_at, actor, correlation_id, origin, payload)';
  const row = (producer: string, storeId: string | null) => sql`
    insert into events.log ${sql.raw(columns)} values (gen_random_uuid(), ${producer}, ${storeId}::uuid, 'test.noted', 1, 'forged', now(), '{}', 'c', 'LIVE', '{}')`;
  const denied = (relation: string) => ({ cause: { message: `permission denied for ${relation}` } });
  const refused = { cause: { message: 'new row violates row-level security policy for table "log"' } };

  test('can not read, change or delete the log, nor see what the dispatcher keeps', async () => {
    for (const table of ['log', 'sequencer', 'consumers', 'held', 'erasures']) {
      await expect(write(database.pool, (tx) => tx.execute(sql`select * from events.${sql.identifier(table)}`))).rejects.toMatchObject(
        denied(`table ${table}`),
      );
    }
    await expect(write(database.pool, (tx) => tx.execute(sql`update events.log set payload = '{}'`))).rejects.toMatchObject(
      denied('table log'),
    );
    await expect(write(database.pool, (tx) => tx.execute(sql`delete from events.log`))).rejects.toMatchObject(denied('table log'));
    await expect(write(database.pool, (tx) => tx.execute(sql`select events.sequence(1)`))).rejects.toMatchObject(
      denied('function sequence'),
    );
  });

  test('can not append as another producer, for another store, or with a position of its choice', async () => {
    const own = store();
    const as = { identity: identity.staff(own) };
    await expect(write(database.pool, (tx) => tx.execute(row('customers', toUuid(own))), as)).rejects.toMatchObject(refused);
    await expect(write(database.pool, (tx) => tx.execute(row('orders', toUuid(store()))), as)).rejects.toMatchObject(refused);
    await expect(write(database.pool, (tx) => tx.execute(row('orders', null)), as)).rejects.toMatchObject(refused);
    await expect(write(database.pool, (tx) => tx.execute(row('orders', toUuid(own))), { identity: system(null) })).rejects.toMatchObject(
      refused,
    );
    await expect(write(database.pool, (tx) => tx.execute(sql`insert into events.log (position) values (1)`), as)).rejects.toMatchObject(
      denied('table log'),
    );
    expect(await database.admin(`select from events.log where aggregate = 'forged'`)).toEqual([]);
    await write(database.pool, (tx) => tx.execute(row('orders', toUuid(own))), as);
    expect(await database.admin(`select from events.log where aggregate = 'forged'`)).toHaveLength(1);
  });
});

describe('the sequencer', () => {
  test('does not skip a writer that commits late, nor let it hold the others up', async () => {
    const [late, early] = [thing(), thing()];
    const { promise: commit, resolve: letCommit } = Promise.withResolvers<void>();
    const inserted = Promise.withResolvers<void>();
    const writer = write(database.pool, async (tx) => {
      await emit(tx, noted({ thing: late, number: 1 }));
      // By then it is there, and not only on its way.
      await tx.execute(sql`select 1`);
      inserted.resolve();
      await commit;
    });
    await inserted.promise;
    await write(database.pool, (tx) => emit(tx, noted({ thing: early, number: 1 })));
    await sequence();
    const [before] = await positions(early);
    expect(Number(before?.position)).toBeGreaterThan(0);
    expect(await positions(late)).toEqual([]);
    letCommit();
    await writer;
    await sequence();
    const [after] = await positions(late);
    expect(Number(after?.position)).toBe(Number(before?.position) + 1);
  });

  test('follows the order in which a lock was had, also when the transactions began in the other one', async () => {
    await database.admin('create table orders.test_lock (id integer primary key)');
    await database.admin('insert into orders.test_lock values (1)');
    await database.admin('create table orders.test_first (id integer)');
    await database.admin('grant all on orders.test_lock, orders.test_first to storegraph_orders');
    const it = thing();
    const hasId = Promise.withResolvers<void>();
    const other = Promise.withResolvers<void>();
    // Has the smaller transaction id, since it writes first, and the lock last.
    const slow = write(database.pool, async (tx) => {
      await tx.execute(sql`insert into orders.test_first values (1)`);
      hasId.resolve();
      await other.promise;
      await tx.execute(sql`select from orders.test_lock for update`);
      await emit(tx, noted({ thing: it, number: 2 }));
    });
    await hasId.promise;
    await write(database.pool, async (tx) => {
      await tx.execute(sql`insert into orders.test_first values (2)`);
      await tx.execute(sql`select from orders.test_lock for update`);
      await emit(tx, noted({ thing: it, number: 1 }));
    });
    other.resolve();
    await slow;
    await sequence();
    const [first, second] = await positions(it);
    expect(Number(first?.position)).toBeLessThan(Number(second?.position));
  });

  test('gives dense positions to 8 concurrent writers while 3 sequencers run', async () => {
    await sequence();
    const [start] = await database.admin<{ last: string }>('select last_position as last from events.sequencer');
    const others = [1, 2].map(() => createPostgresTransport({ url: database.loginOf('events') }));
    let writing = true;
    const sequencers = [transport, ...others].map(async (each) => {
      while (writing) await each.news([], 0);
    });
    const aggregates = Array.from({ length: 8 }, thing);
    await Promise.all(
      aggregates.map(async (it) => {
        for (let number = 0; number < 50; number++)
          await write(database.pool, (tx) => emit(tx, noted({ thing: it, number }), noted({ thing: it, number: number + 1_000 })));
      }),
    );
    writing = false;
    await Promise.all(sequencers);
    await sequence();
    await Promise.all(others.map((each) => each.close()));
    const given = await database.admin<{ position: string }>('select position from events.log where position > $1 order by position', [
      start?.last ?? '0',
    ]);
    expect(given.map(({ position }) => Number(position))).toEqual(
      Array.from({ length: 800 }, (_, index) => Number(start?.last) + 1 + index),
    );
    for (const it of aggregates) {
      const ofOne = await database.admin<{ number: number }>(
        `select (payload->>'number')::integer as number from events.log where aggregate = $1 order by position`,
        [it],
      );
      expect(ofOne.map(({ number }) => number)).toEqual(Array.from({ length: 50 }, (_, number) => [number, number + 1_000]).flat());
    }
  });
});
