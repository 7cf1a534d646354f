import { anonymous, system } from '@storegraph/auth';
import { identity, testDatabase } from '@storegraph/testing';
import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { emit, erasePersonal, replay } from '../src/index.ts';
import { noted, reactionOf, run, store, thing, write } from './support.ts';

const database = await testDatabase();

const names = async (subject: string) =>
  (
    await database.admin<{ name: string | null }>(`select personal->>'name' as name from events.log where subject = $1 order by ordinal`, [
      subject,
    ])
  ).map(({ name }) => name);

test('a person who is erased stays erased, in a replay and in what a transaction that was open brings after the erasure', async () => {
  const storeId = store();
  const as = { identity: identity.staff(storeId) };
  const person = thing();
  const seen: (string | undefined)[] = [];
  const name = 'customers.test-erased';
  const reaction = reactionOf(name, 'projection', noted, async (_, event) => void seen.push(event.personal?.name));
  await using running = await run(database, [reaction]);
  await write(database.pool, (tx) => emit(tx, noted({ thing: person, number: 1 }, { personal: { name: 'Ada' } })), as);
  await running.dispatcher.idle();
  expect(seen).toEqual(['Ada']);

  const emitted = Promise.withResolvers<void>();
  const erased = Promise.withResolvers<void>();
  const open = write(
    database.pool,
    async (tx) => {
      await emit(tx, noted({ thing: person, number: 2 }, { personal: { name: 'Ada' } }));
      // By then it is there, and not only on its way.
      await tx.execute(sql`select 1`);
      emitted.resolve();
      await erased.promise;
    },
    as,
  );
  await emitted.promise;
  await write(database.pool, (tx) => erasePersonal(tx, person), { domain: 'customers', ...as });
  erased.resolve();
  await open;
  await running.dispatcher.idle();
  expect(seen).toEqual(['Ada', undefined]);

  await replay(running.transport, name);
  await running.dispatcher.idle();
  expect(seen).toEqual(['Ada', undefined, undefined, undefined]);
});

test('an erasure touches that person in that store alone, and is gone with a rollback', async () => {
  const [own, other] = [store(), store()];
  const [person, neighbour] = [thing(), thing()];
  for (const storeId of [own, other]) {
    await write(
      database.pool,
      (tx) =>
        emit(
          tx,
          noted({ thing: person, number: 1 }, { personal: { name: 'Ada' } }),
          noted({ thing: neighbour, number: 1 }, { personal: { name: 'Bob' } }),
        ),
      { identity: identity.staff(storeId) },
    );
  }
  await expect(
    write(
      database.pool,
      async (tx) => {
        await erasePersonal(tx, person);
        throw new Error('rolled back');
      },
      { identity: system(own) },
    ),
  ).rejects.toThrow('rolled back');
  expect(await names(person)).toEqual(['Ada', 'Ada']);
  await write(database.pool, (tx) => erasePersonal(tx, person), { identity: system(own) });
  expect(await names(person)).toEqual([null, 'Ada']);
  expect(await names(neighbour)).toEqual(['Bob', 'Bob']);
});

test('nothing personal stays in the table of what comes about a person after the erasure, once it has its position', async () => {
  const storeId = store();
  const [person, neighbour] = [thing(), thing()];
  const as = { identity: identity.staff(storeId) };
  const tell = (subject: typeof person, number: number, where = as) =>
    write(database.pool, (tx) => emit(tx, noted({ thing: subject, number }, { personal: { name: 'Ada' } })), where);
  await using running = await run(database, []);
  await write(database.pool, (tx) => erasePersonal(tx, person), { domain: 'customers', ...as });
  await tell(person, 1);
  await tell(person, 2, { identity: identity.staff(store()) });
  await tell(neighbour, 1);
  await running.dispatcher.idle();
  expect(await names(person)).toEqual([null, 'Ada']);
  expect(await names(neighbour)).toEqual(['Ada']);
});

test('nor of what got its position while the erasure was under way', async () => {
  const storeId = store();
  const person = thing();
  const as = { identity: identity.staff(storeId) };
  await using running = await run(database, []);
  await write(
    database.pool,
    async (tx) => {
      await erasePersonal(tx, person);
      await write(database.pool, (other) => emit(other, noted({ thing: person, number: 1 }, { personal: { name: 'Ada' } })), as);
      await running.dispatcher.idle();
      expect(await names(person)).toEqual(['Ada']);
    },
    { domain: 'customers', ...as },
  );
  await running.dispatcher.idle();
  expect(await names(person)).toEqual([null]);
});

test('an anonymous shopper erases nobody', async () => {
  const storeId = store();
  const person = thing();
  await write(database.pool, (tx) => emit(tx, noted({ thing: person, number: 1 }, { personal: { name: 'Ada' } })), {
    identity: system(storeId),
  });
  await expect(write(database.pool, (tx) => erasePersonal(tx, person), { identity: anonymous(storeId) })).rejects.toMatchObject({
    cause: { message: 'this identity erases nobody' },
  });
  expect(await names(person)).toEqual(['Ada']);
});
