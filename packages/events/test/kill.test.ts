import { testDatabase } from '@storegraph/testing';
import { sql } from 'drizzle-orm';
import { beforeAll, expect, test } from 'vitest';
import { emit, parked } from '../src/index.ts';
import { ended, killOverAndOver, startChild } from './killing.ts';
import { createNotes, noted, notesOf, quick, reactionOf, run, thing, write } from './support.ts';

const database = await testDatabase();
beforeAll(() => createNotes(database));

test('a consumer whose process is killed (-9) 2 times applies each event once, in order', { timeout: 60_000 }, async () => {
  await killOverAndOver(database, { consumer: 'customers.test-killed', kills: 2, seed: 20261120 });
});

test('an event that kills its process is parked after so many attempts, and holds only its aggregate', { timeout: 60_000 }, async () => {
  const consumer = 'customers.test-deadly';
  const [poison, sound] = [thing(), thing()];
  await write(database.pool, (tx) =>
    emit(tx, ...[0, 1, 2].flatMap((number) => [noted({ thing: poison, number }), noted({ thing: sound, number })])),
  );
  // Once unnoticed in its batch, then each attempt counted.
  for (let death = 0; death < quick.attempts + 1; death++) await ended(startChild(database, consumer, poison));

  const reaction = reactionOf(consumer, 'projection', noted, async (tx, { payload, aggregate }) => {
    await tx.execute(sql`insert into customers.test_notes (consumer, thing, number) values (${consumer}, ${aggregate}, ${payload.number})`);
  });
  await using running = await run(database, [reaction]);
  await running.dispatcher.idle();
  expect(await parked(running.transport)).toMatchObject([
    { consumer, aggregate: poison, attempts: quick.attempts + 1, error: 'The process ended while it was handled.', waiting: 1 },
  ]);
  const of = async (it: string) => (await notesOf(database, consumer)).filter((each) => each.thing === it).map(({ number }) => number);
  expect(await of(poison)).toEqual([0]);
  expect(await of(sound)).toEqual([0, 1, 2]);
});

test('a dispatcher that loses its connections, again and again, applies each event once, in order', { timeout: 60_000 }, async () => {
  const consumer = 'customers.test-cut';
  const it = thing();
  const reaction = reactionOf(consumer, 'projection', noted, async (tx, { payload, aggregate }) => {
    if (aggregate !== it) return;
    await tx.execute(sql`insert into customers.test_notes (consumer, thing, number) values (${consumer}, ${aggregate}, ${payload.number})`);
  });
  await using running = await run(database, [reaction], { retry: { attempts: 30, firstDelayMs: 20, longestDelayMs: 40 } });
  for (let number = 0; number < 60; number++) {
    await write(database.pool, (tx) => emit(tx, noted({ thing: it, number })));
    if (number % 10 === 5) {
      await database.admin(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like 'storegraph events%'`,
      );
    }
  }
  await expect.poll(async () => (await notesOf(database, consumer)).length, { timeout: 30_000 }).toBe(60);
  await running.dispatcher.idle();
  expect((await notesOf(database, consumer)).map(({ number }) => number)).toEqual(Array.from({ length: 60 }, (_, number) => number));
});
