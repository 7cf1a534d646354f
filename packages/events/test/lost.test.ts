import { testDatabase } from '@storegraph/testing';
import { sql } from 'drizzle-orm';
import { beforeAll, expect, test } from 'vitest';
import { emit, replay, type EventTransport, type ReactionKind, type Retry } from '../src/index.ts';
import { createNotes, noted, notesOf, randomOf, reactionOf, run, thing, write } from './support.ts';

const database = await testDatabase();
beforeAll(() => createNotes(database));

type Call = 'hold' | 'queue' | 'due' | 'settle' | 'postpone' | 'progress' | 'rewind';
/** `request` is lost before anything is done, `answer` after it is done. */
type Loss = 'request' | 'answer' | undefined;

/** A connection that is cut, as the dispatcher sees it. */
const losing =
  (losses: (call: Call) => Loss) =>
  (transport: EventTransport): EventTransport => {
    const lossy =
      <A extends unknown[], R>(name: Call, call: (...args: A) => Promise<R>) =>
      async (...args: A): Promise<R> => {
        const loss = losses(name);
        if (loss === 'request') throw new Error('the request was lost');
        const answer = await call(...args);
        if (loss === 'answer') throw new Error('the answer was lost');
        return answer;
      };
    return {
      ...transport,
      hold: lossy('hold', transport.hold),
      queue: lossy('queue', transport.queue),
      due: lossy('due', transport.due),
      settle: lossy('settle', transport.settle),
      postpone: lossy('postpone', transport.postpone),
      progress: lossy('progress', transport.progress),
      rewind: lossy('rewind', transport.rewind),
    };
  };

/** Loses one answer to `call`, the first. */
const losingOnce = (call: Call) => {
  let lost = false;
  return losing((each) => {
    if (each !== call || lost) return undefined;
    lost = true;
    return 'answer';
  });
};

const patient: Retry = { attempts: 1_000, firstDelayMs: 5, longestDelayMs: 10 };
const pollMs = 10;

/** Notes what it gets; each third event fails at first, after its note. */
const flaky = (consumer: string, kind: ReactionKind = 'effect') => {
  const failed = new Set<string>();
  return reactionOf(consumer, kind, noted, async (tx, { id, payload }) => {
    await tx.execute(
      sql`insert into customers.test_notes (consumer, thing, number) values (${consumer}, ${payload.thing}, ${payload.number})`,
    );
    if (payload.number % 3 !== 0 || failed.has(id)) return;
    failed.add(id);
    throw new Error('now and then');
  });
};

const tell = (aggregates: readonly ReturnType<typeof thing>[], numbers: readonly number[]) =>
  write(database.pool, (tx) => emit(tx, ...numbers.flatMap((number) => aggregates.map((it) => noted({ thing: it, number })))));
const numbersOf = async (consumer: string, it: string) =>
  (await notesOf(database, consumer)).filter((each) => each.thing === it).map(({ number }) => number);
const heldBy = (consumer: string) => database.admin('select from events.held where consumer = $1', [consumer]);

test('what follows an event of which the answer to settle was lost is handled', async () => {
  const consumer = 'customers.test-settle-lost';
  const it = thing();
  await using running = await run(database, [flaky(consumer)], { retry: patient, pollMs, through: losingOnce('settle') });
  await tell([it], [0]);
  await running.dispatcher.idle();
  await tell([it], [1, 2]);
  await running.dispatcher.idle();
  expect(await numbersOf(consumer, it)).toEqual([0, 1, 2]);
  expect(await heldBy(consumer)).toEqual([]);
});

test('an event that is parked stays parked, and is not tried again, when the answer to hold was lost', async () => {
  const consumer = 'customers.test-hold-lost';
  const it = thing();
  const once: Retry = { ...patient, attempts: 1 };
  await using running = await run(database, [flaky(consumer)], { retry: once, pollMs, through: losingOnce('hold') });
  await tell([it], [0, 1]);
  await running.dispatcher.idle();
  expect(await numbersOf(consumer, it)).toEqual([]);
  expect(await heldBy(consumer)).toHaveLength(2);
});

test('a projection is replayed when the answer to rewind was lost', async () => {
  const consumer = 'customers.test-rewind-lost';
  const it = thing();
  await using running = await run(database, [flaky(consumer, 'projection')], { retry: patient, pollMs, through: losingOnce('rewind') });
  await tell([it], [1, 2]);
  await running.dispatcher.idle();
  await replay(running.transport, consumer);
  await running.dispatcher.idle();
  expect(await numbersOf(consumer, it)).toEqual([1, 2, 1, 2]);
});

test('events that were left waiting for nothing go on, in order, with the next process and with the next tidying', async () => {
  const consumer = 'customers.test-stranded';
  const [it, parked] = [thing(), thing()];
  const strand = () =>
    database.admin(
      `insert into events.held (consumer, event_id, position, aggregate, parked_at)
       select $1, id, position, aggregate, case when aggregate = $3 and payload->>'number' = '1' then now() end
       from events.log where aggregate in ($2, $3) and position is not null on conflict do nothing`,
      [consumer, it, parked],
    );
  await tell([it, parked], [1, 2]);
  {
    await using running = await run(database, []);
    await running.dispatcher.idle();
    const spec = { name: consumer, domain: 'customers', kind: 'projection', types: ['test.noted'] } as const;
    const head = await running.transport.register([spec]);
    await database.admin('update events.consumers set position = $2, begun_position = $2 where name = $1', [consumer, head]);
    await strand();
  }
  await using running = await run(database, [flaky(consumer, 'projection')], { retry: patient, pollMs });
  await running.dispatcher.idle();
  expect(await numbersOf(consumer, it)).toEqual([1, 2]);
  expect(await numbersOf(consumer, parked)).toEqual([]);
  expect(await heldBy(consumer)).toHaveLength(2);

  await tell([it], [4, 5]);
  await running.dispatcher.idle();
  await database.admin(`delete from customers.test_notes where consumer = $1`, [consumer]);
  await database.admin(`delete from customers.handled_events where consumer = $1`, [consumer]);
  await strand();
  await running.transport.unstrand([consumer]);
  await running.dispatcher.idle();
  expect(await numbersOf(consumer, it)).toEqual([1, 2, 4, 5]);
  expect(await numbersOf(consumer, parked)).toEqual([]);
});

test(
  'each event is applied once and in order whatever requests and answers are lost, and none is left behind',
  { timeout: 60_000 },
  async () => {
    const consumer = 'customers.test-lossy';
    const seed = Math.floor(Math.random() * 2 ** 31);
    const random = randomOf(seed);
    const lost = new Map<string, number>();
    const losses = (call: Call): Loss => {
      const dice = random();
      const loss = dice < 0.15 ? 'answer' : dice < 0.2 ? 'request' : undefined;
      if (loss) lost.set(`${call} ${loss}`, (lost.get(`${call} ${loss}`) ?? 0) + 1);
      return loss;
    };
    const aggregates = Array.from({ length: 6 }, thing);
    await using running = await run(database, [flaky(consumer)], { retry: patient, pollMs, through: losing(losses) });
    for (let wave = 0; wave < 10; wave++) {
      await tell(
        aggregates,
        [0, 1, 2, 3].map((number) => 4 * wave + number),
      );
      if (random() < 0.5) await running.dispatcher.idle();
    }
    await running.dispatcher.idle();
    for (const it of aggregates)
      expect(await numbersOf(consumer, it), `seed ${seed}`).toEqual(Array.from({ length: 40 }, (_, number) => number));
    expect(await heldBy(consumer), `seed ${seed}`).toEqual([]);
    // The test would show nothing if nothing had been lost.
    expect(lost.get('settle answer'), `seed ${seed}`).toBeGreaterThan(0);
  },
);
