import { setTimeout as sleep } from 'node:timers/promises';
import { testDatabase, type TestDatabase } from '@storegraph/testing';
import { expect } from 'vitest';
import { emptyFolder, killGroup } from '../command.ts';
import type { RunInOneProcess } from '../one-process.ts';
import { imported, importOf, startImport, stateOf } from './desk.ts';

/** What an import that nothing disturbs leaves behind. */
export async function undisturbed(run: RunInOneProcess, file: string): Promise<{ state: Record<string, string>; writingMs: number }> {
  const [database, folder] = [await testDatabase({ poolSize: 2 }), await emptyFolder()];
  const writing = firstCustomer(database);
  await succeeded(run, database, folder, file);
  return { state: await stateOf(database), writingMs: performance.now() - (await writing) };
}

/**
 * Kills imports as often as said, each at another moment of its writing, and lets each database's last one end: the states of all databases.
 * What one import left is the next one's start; where one ended before its kill came, the next kill begins with an empty database.
 */
export async function killedAndRunAgain(
  run: RunInOneProcess,
  file: string,
  { kills, writingMs }: { kills: number; writingMs: number },
): Promise<Record<string, string>[]> {
  const states: Record<string, string>[] = [];
  for (let killed = 0; killed < kills;) {
    const [database, folder] = [await testDatabase({ poolSize: 2 }), await emptyFolder()];
    let complete = false;
    while (!complete && killed < kills) {
      const command = startImport(database, folder, file);
      await Promise.race([connected(database), command.ended]);
      await sleep(Math.random() * writingMs);
      killGroup(command.pid, 'SIGKILL');
      complete = (await command.ended).signal !== 'SIGKILL';
      if (!complete) killed += 1;
    }
    await succeeded(run, database, folder, file);
    states.push(await stateOf(database));
  }
  return states;
}

/** Two imports of one file into one store, begun at the same time. */
export async function twoAtOnce(file: string): Promise<TestDatabase> {
  const [database, folder, other] = [await testDatabase({ poolSize: 2 }), await emptyFolder(), await emptyFolder()];
  // The store is made first: two at once would each open the demo store's own graph.
  expect((await startImport(database, folder, file, ['--column', 'invoice=Nowhere']).ended).code).toBe(1);
  await Promise.all([imported(database, folder, file), imported(database, other, file)]);
  return database;
}

async function succeeded(run: RunInOneProcess, { adminUrl }: TestDatabase, folder: string, file: string): Promise<void> {
  expect(await run(...importOf(adminUrl, folder, file))).toMatchObject({ code: 0, stderr: '' });
}

async function firstCustomer({ admin }: TestDatabase): Promise<number> {
  for (;;) {
    if ((await admin('select from customers.customers limit 1')).length > 0) return performance.now();
    await sleep(10);
  }
}

/** The import's own pool has opened a connection: from here on it writes. */
async function connected({ admin }: TestDatabase): Promise<void> {
  const query = "select from pg_stat_activity where application_name = 'storegraph' and datname = current_database() limit 1";
  while ((await admin(query)).length === 0) await sleep(5);
}
