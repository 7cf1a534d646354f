import { testDatabase } from '@storegraph/testing';
import { beforeAll, test } from 'vitest';
import { killOverAndOver } from './killing.ts';
import { createNotes } from './support.ts';

const database = await testDatabase();
beforeAll(() => createNotes(database));

test('a consumer whose process is killed (-9) 50 times applies each event once, in order', async () => {
  await killOverAndOver(database, { consumer: 'customers.test-killed', kills: 50, seed: 20261121 });
});
