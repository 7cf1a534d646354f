import { randomBytes } from 'node:crypto';
import { createSealer } from '@storegraph/auth';
import { identity, testDatabase } from '@storegraph/testing';
import { sql } from 'drizzle-orm';
import type { Tx } from '@storegraph/database';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { consumerStates, defineEvent, emit, idOf, parked, replay, retryParked, type ReceivedEvent } from '../src/index.ts';
import { pruneHandled } from '../src/dispatcher/apply.ts';
import { createNotes, noted, notesOf, reactionOf, run, store, thing, write } from './support.ts';

const database = await testDatabase();
beforeAll(() => createNotes(database));

const note = (tx: Tx, consumer: string, { thing: it, number }: { thing: string; number: number }) =>
  tx.execute(sql`insert into customers.test_notes (consumer, thing, number) values (${consumer}, ${it}, ${number})`);

/** A reaction that notes what it is given, in the transaction. */
const noting = (name: string, kind: 'projection' | 'effect' = 'projection') =>
  reactionOf(name, kind, noted, async (tx, { payload }) => void (await note(tx, name, payload)));

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
const emitNumbers = (it: ReturnType<typeof thing>, count: number, origin: 'LIVE' | 'IMPORT' = 'LIVE') =>
  write(database.pool, (tx) => emit(tx, ...numbers(count).map((number) => noted({ thing: it, number }))), { origin });

describe('a reaction', () => {
  test('runs as SYSTEM in the store of the event, with its content exact, and what it emits has the same origin and correlation', async () => {
    const storeId = store();
    const staff = identity.staff(storeId);
    const it = thing();
    const seen: { scope: unknown; event: ReceivedEvent }[] = [];
    const reaction = reactionOf('customers.test-scope', 'projection', noted, async (tx, event) => {
      const settings = await tx.execute(sql`select current_user::text as role, current_setting('app.kind') as kind`);
      if (event.aggregate === it) seen.push({ scope: { ...tx.scope, ...settings[0] }, event });
    });
    await using running = await run(database, [reaction]);
    await write(
      database.pool,
      (tx) => emit(tx, noted({ thing: it, number: 7, amount: 9007199254740993n }, { personal: { name: 'Zoë' } })),
      {
        identity: staff,
        origin: 'IMPORT',
      },
    );
    await running.dispatcher.idle();
    expect(seen).toHaveLength(1);
    const [{ scope, event } = { scope: undefined, event: undefined }] = seen;
    expect(scope).toMatchObject({
      domain: 'customers',
      origin: 'IMPORT',
      role: 'storegraph_customers',
      kind: 'SYSTEM',
      identity: { kind: 'SYSTEM', storeId },
    });
    expect(event).toMatchObject({
      type: 'test.noted',
      version: 1,
      storeId,
      aggregate: it,
      actor: { kind: 'STAFF', id: staff.subjectId },
      origin: 'IMPORT',
      payload: { thing: it, number: 7, amount: 9007199254740993n },
      personal: { name: 'Zoë' },
      secret: null,
    });
    expect(scope).toMatchObject({ correlationId: event?.correlationId });
  });

  test('gets the events of one aggregate in order, aggregates in parallel, and each once', async () => {
    const aggregates = Array.from({ length: 6 }, thing);
    let running = 0;
    let most = 0;
    const reaction = reactionOf('customers.test-order', 'projection', noted, async (tx, { payload }) => {
      most = Math.max(most, ++running);
      await tx.execute(sql`select pg_sleep(0.002)`);
      await note(tx, 'customers.test-order', payload);
      running--;
    });
    await using started = await run(database, [reaction]);
    await write(database.pool, (tx) => emit(tx, ...numbers(40).flatMap((number) => aggregates.map((it) => noted({ thing: it, number })))));
    await started.dispatcher.idle();
    const notes = await notesOf(database, 'customers.test-order');
    for (const it of aggregates) expect(notes.filter((each) => each.thing === it).map(({ number }) => number)).toEqual(numbers(40));
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(4);
  });

  test('that fails now and then still gets the events of each aggregate in order, and each once', async () => {
    const aggregates = Array.from({ length: 5 }, thing);
    const failed = new Set<string>();
    const reaction = reactionOf('customers.test-flaky', 'projection', noted, async (tx, { id, payload }) => {
      await note(tx, 'customers.test-flaky', payload);
      if (payload.number % 3 !== 0 || failed.has(id)) return;
      failed.add(id);
      throw new Error('now and then');
    });
    await using started = await run(database, [reaction]);
    await write(database.pool, (tx) => emit(tx, ...numbers(10).flatMap((number) => aggregates.map((it) => noted({ thing: it, number })))));
    await started.dispatcher.idle();
    const notes = await notesOf(database, 'customers.test-flaky');
    for (const it of aggregates) expect(notes.filter((each) => each.thing === it).map(({ number }) => number)).toEqual(numbers(10));
    expect(await database.admin(`select from events.held where consumer = 'customers.test-flaky'`)).toEqual([]);
  });
});

describe('an event that keeps failing', () => {
  test('is parked with its error, holds only its own aggregate, and goes on in order when it is retried', async () => {
    const [poisoned, sound] = [thing(), thing()];
    let poison = true;
    let tried = 0;
    const name = 'customers.test-poison';
    const reaction = reactionOf(name, 'projection', noted, async (tx, { payload, aggregate }) => {
      if (aggregate === poisoned && payload.number === 1) {
        tried++;
        if (poison) throw new TypeError('canary of somebody');
      }
      await note(tx, name, payload);
    });
    await using running = await run(database, [reaction]);
    await write(database.pool, (tx) =>
      emit(tx, ...numbers(4).flatMap((number) => [noted({ thing: poisoned, number }), noted({ thing: sound, number })])),
    );
    await running.dispatcher.idle();
    await emitNumbers(sound, 1);
    await write(database.pool, (tx) => emit(tx, noted({ thing: poisoned, number: 4 })));
    await running.dispatcher.idle();

    const of = async (it: string) => (await notesOf(database, name)).filter((each) => each.thing === it).map(({ number }) => number);
    expect(await of(sound)).toEqual([0, 1, 2, 3, 0]);
    expect(await of(poisoned)).toEqual([0]);
    expect(tried).toBe(3);
    const list = await parked(running.transport);
    expect(list).toHaveLength(1);
    const [{ id, error, ...rest } = { id: '', error: '' }] = list;
    expect(rest).toMatchObject({ consumer: name, type: 'test.noted', aggregate: poisoned, attempts: 3, waiting: 3 });
    expect(error).toMatch(/^TypeError at Object\.handle \(dispatcher\.test\.ts\S*:\d+\)$/);

    expect((await consumerStates(running.transport)).find((each) => each.name === name)).toMatchObject({
      kind: 'projection',
      held: 4,
      parked: 1,
    });

    poison = false;
    expect(await retryParked(running.transport, id, 'customers.another')).toBe(0);
    expect(await retryParked(running.transport, id)).toBe(1);
    await running.dispatcher.idle();
    expect(await of(poisoned)).toEqual([0, 1, 2, 3, 4]);
    expect(await parked(running.transport)).toEqual([]);
  });

  test('is parked when its payload is of a version that this program does not know', async () => {
    const it = thing();
    const newer = defineEvent({ ...shape, version: 2, upcast: { 1: (old) => old } });
    const older = defineEvent({ ...shape, version: 1 });
    await using running = await run(database, [reactionOf('customers.test-newer', 'projection', older, async () => undefined)]);
    await write(database.pool, (tx) => emit(tx, newer({ thing: it })));
    await running.dispatcher.idle();
    const held = (await parked(running.transport)).find(({ consumer }) => consumer === 'customers.test-newer');
    expect(held).toMatchObject({ aggregate: it, error: 'EventInvalid: test.shaped of version 2 is newer than this program' });
  });
});

const shape = {
  type: 'test.shaped',
  producer: 'orders',
  description: 'For versions.',
  aggregate: (payload: { thing: ReturnType<typeof thing> }) => payload.thing,
  payload: z.object({ thing: idOf('thg') }),
} as const;

test('an event of an earlier version is given in the present one', async () => {
  const it = thing();
  const definition = { type: 'test.renamed', producer: 'orders', description: 'For versions.' } as const;
  const first = defineEvent({
    ...definition,
    version: 1,
    aggregate: ({ thing: id }) => id,
    payload: z.object({ thing: idOf('thg'), name: z.string() }),
  });
  const third = defineEvent({
    ...definition,
    version: 3,
    aggregate: ({ thing: id }) => id,
    payload: z.object({ thing: idOf('thg'), first: z.string(), last: z.string().nullable() }),
    upcast: {
      1: (old) => {
        const { name, ...rest } = first.read({ version: 1, payload: old, personal: null }).payload;
        return { ...rest, first: name };
      },
      2: (old) => ({ ...(old as object), last: null }),
    },
  });
  await write(database.pool, (tx) => emit(tx, first({ thing: it, name: 'Ada' })));
  const seen: unknown[] = [];
  await using running = await run(database, [
    reactionOf('customers.test-upcast', 'projection', third, async (_, { payload, version }) => void seen.push({ payload, version })),
  ]);
  await running.dispatcher.idle();
  expect(seen).toEqual([{ payload: { thing: it, first: 'Ada', last: null }, version: 1 }]);
});

describe('a new consumer', () => {
  test('gets the history, imports too, as a projection; as an effect it gets live events from its start on', async () => {
    const it = thing();
    await emitNumbers(it, 3);
    await emitNumbers(it, 2, 'IMPORT');
    await using running = await run(database, [noting('customers.test-new-projection'), noting('customers.test-new-effect', 'effect')]);
    await running.dispatcher.idle();
    const of = async (consumer: string) =>
      (await notesOf(database, consumer)).filter((each) => each.thing === it).map(({ number }) => number);
    expect(await of('customers.test-new-projection')).toEqual([0, 1, 2, 0, 1]);
    expect(await of('customers.test-new-effect')).toEqual([]);
    await emitNumbers(it, 1, 'IMPORT');
    await write(database.pool, (tx) => emit(tx, noted({ thing: it, number: 9 })));
    await running.dispatcher.idle();
    expect(await of('customers.test-new-projection')).toEqual([0, 1, 2, 0, 1, 0, 9]);
    expect(await of('customers.test-new-effect')).toEqual([9]);
  });

  test('replays as a projection; an effect is never replayed', async () => {
    const it = thing();
    await using running = await run(database, [noting('customers.test-replay'), noting('customers.test-no-replay', 'effect')]);
    await emitNumbers(it, 3);
    await running.dispatcher.idle();
    await expect(replay(running.transport, 'customers.test-no-replay')).rejects.toThrow('is an effect and no projection');
    await replay(running.transport, 'customers.test-replay');
    await running.dispatcher.idle();
    const of = async (consumer: string) =>
      (await notesOf(database, consumer)).filter((each) => each.thing === it).map(({ number }) => number);
    expect(await of('customers.test-replay')).toEqual([0, 1, 2, 0, 1, 2]);
    expect(await of('customers.test-no-replay')).toEqual([0, 1, 2]);
  });
});

test('two processes share the consumers: each event is handled once, and another takes over what one leaves', async () => {
  const it = thing();
  const name = 'customers.test-shared';
  const first = await run(database, [noting(name)]);
  await using second = await run(database, [noting(name)]);
  await emitNumbers(it, 20);
  await first.dispatcher.idle();
  await first[Symbol.asyncDispose]();
  await emitNumbers(it, 20);
  // The second has the consumer from its next try on.
  await expect.poll(async () => (await notesOf(database, name)).filter((each) => each.thing === it).length, { timeout: 10_000 }).toBe(40);
  await second.dispatcher.idle();
  const notes = (await notesOf(database, name)).filter((each) => each.thing === it);
  expect(notes.map(({ number }) => number)).toEqual([...numbers(20), ...numbers(20)]);
});

test('what was handled is forgotten only when it can not come again', async () => {
  const it = thing();
  const name = 'customers.test-prune';
  await using running = await run(database, [noting(name)]);
  await emitNumbers(it, 5);
  await running.dispatcher.idle();
  const marks = async () => (await database.admin(`select from customers.handled_events where consumer = $1`, [name])).length;
  const all = await marks();
  await pruneHandled(database.pool, 'customers', name, Number.MAX_SAFE_INTEGER);
  expect(await marks()).toBe(all);
  await pruneHandled(database.pool, 'customers', name, 0, 0);
  expect(await marks()).toBe(all);
  await pruneHandled(database.pool, 'customers', name, Number.MAX_SAFE_INTEGER, 0);
  expect(await marks()).toBe(0);
});

describe('a secret', () => {
  const sealer = createSealer({ keys: [{ id: 'k1', key: randomBytes(32) }] });
  const soon = () => new Date(Date.now() + 60_000);

  test('is stored sealed, and given only to the domain it was sealed for', async () => {
    const it = thing();
    const secrets: Record<string, (string | null)[]> = { customers: [], orders: [] };
    const reaction = reactionOf('customers.test-secret', 'projection', noted, async (_, event) => {
      if (event.aggregate === it) secrets['customers']?.push(event.secret);
    });
    await write(database.pool, (tx) =>
      emit(tx, noted({ thing: it, number: 1 }, { secret: { value: 'canary', sealer, expiresAt: soon() } })),
    );
    const [row] = await database.admin<{ secret: string }>('select secret from events.log where aggregate = $1', [it]);
    expect(row?.secret).toMatch(/^v1\.k1\./);
    await using running = await run(database, [reaction], { sealer });
    await running.dispatcher.idle();
    const other = { name: 'orders.test-secret', domain: 'orders', kind: 'projection', types: ['test.noted'] } as const;
    const events = (await running.transport.read(other, 0, Number.MAX_SAFE_INTEGER, 10_000)).filter((event) => event.aggregate === it);
    expect(events.map(({ secret }) => secret)).toEqual([null]);
    expect(secrets['customers']).toEqual(['canary']);
  });

  test('is given to nobody once it has expired, and blanked', async () => {
    const it = thing();
    await write(database.pool, (tx) =>
      emit(tx, noted({ thing: it, number: 1 }, { secret: { value: 'canary', sealer, expiresAt: new Date(Date.now() - 1) } })),
    );
    const seen: (string | null)[] = [];
    const reaction = reactionOf('customers.test-expired', 'projection', noted, async (_, event) => {
      if (event.aggregate === it) seen.push(event.secret);
    });
    await using running = await run(database, [reaction], { sealer });
    await running.dispatcher.idle();
    expect(seen).toEqual([null]);
    await running.transport.expireSecrets();
    expect(await database.admin('select secret from events.log where aggregate = $1', [it])).toEqual([{ secret: null }]);
    const left = await database.admin('select from events.log where secret is not null');
    expect(left).toHaveLength(1);
  });
});
