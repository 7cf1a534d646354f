import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import type { TestDatabase } from '@storegraph/testing';
import { sql } from 'drizzle-orm';
import { expect } from 'vitest';
import { emit } from '../src/index.ts';
import { noted, notesOf, randomOf, reactionOf, run, thing, write } from './support.ts';

export function startChild(database: TestDatabase, consumer: string, poison = ''): ChildProcess {
  const script = fileURLToPath(new URL('./child.ts', import.meta.url));
  const quick = ['--import', import.meta.resolve('@storegraph/core/quick-imports')];
  return spawn(process.execPath, [...quick, script, database.url, consumer, poison], { stdio: ['ignore', 'pipe', 'inherit'] });
}

export const ended = (child: ChildProcess) =>
  child.exitCode === null && child.signalCode === null ? once(child, 'exit') : Promise.resolve();

/** Kills a consumer's process over and over while events come in, then checks that each event was applied once and in order. */
export async function killOverAndOver(
  database: TestDatabase,
  { consumer, kills, seed }: { consumer: string; kills: number; seed: number },
): Promise<void> {
  const aggregates = Array.from({ length: 8 }, thing);
  const random = randomOf(seed);
  let emitted = 0;
  const emitMore = async () => {
    const from = emitted;
    emitted += 15;
    const events = Array.from({ length: 15 }, (_, index) => aggregates.map((it) => noted({ thing: it, number: from + index }))).flat();
    await write(database.pool, (tx) => emit(tx, ...events));
  };
  for (let kill = 0; kill < kills; kill++) {
    await emitMore();
    const child = startChild(database, consumer);
    if (child.stdout) await once(child.stdout, 'data');
    await delay(Math.floor(random() * 150));
    child.kill('SIGKILL');
    await ended(child);
  }
  const reaction = reactionOf(consumer, 'projection', noted, async (tx, { payload, aggregate }) => {
    await tx.execute(sql`insert into customers.test_notes (consumer, thing, number) values (${consumer}, ${aggregate}, ${payload.number})`);
  });
  const before = (await notesOf(database, consumer)).length;
  await using running = await run(database, [reaction], { retry: { attempts: 30, firstDelayMs: 20, longestDelayMs: 40 } });
  // The dead process' locks go with its connections, at once; the claim is tried every second.
  await expect.poll(async () => (await notesOf(database, consumer)).length, { timeout: 60_000 }).toBe(emitted * aggregates.length);
  await running.dispatcher.idle();
  const notes = await notesOf(database, consumer);
  const numbers = Array.from({ length: emitted }, (_, number) => number);
  for (const it of aggregates)
    expect(
      notes.filter((each) => each.thing === it).map(({ number }) => number),
      `seed ${seed}`,
    ).toEqual(numbers);
  // The test would show nothing if the killed processes had done nothing, or everything.
  expect(before).toBeGreaterThan(0);
  expect(before).toBeLessThan(notes.length);
}
