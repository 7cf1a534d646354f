import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createSealer, system } from '@storegraph/auth';
import { newId, silentLogger } from '@storegraph/core';
import { testDatabase } from '@storegraph/testing';
import { expect, test } from 'vitest';
import { enqueue, startWorkers } from '../src/index.ts';
import { endless } from './endless.ts';

const database = await testDatabase();

test('the job of a worker that is killed (-9) runs again within 35 s', async () => {
  const again = Promise.withResolvers<number>();
  const job = endless(({ attempt }) => {
    again.resolve(attempt);
    return Promise.resolve();
  });
  const db = database.pool.session({ domain: 'orders', identity: system(null), correlationId: newId('req'), origin: 'LIVE' });
  await db.write((tx) => enqueue(tx, job, {}));
  await db.end();

  const child = spawn(process.execPath, [fileURLToPath(new URL('./child.ts', import.meta.url)), database.url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  const killedAt = Date.now();
  const workers = await startWorkers({
    url: database.url,
    pool: database.pool,
    jobs: [{ domain: 'orders', job }],
    sealer: createSealer({ keys: [{ id: 'k1', key: randomBytes(32) }] }),
    log: silentLogger,
  });
  expect(await again.promise).toBe(2);
  expect(Date.now() - killedAt).toBeLessThan(35_000);
  await workers.idle();
  expect(await database.admin(`select state from jobs.job where name = 'orders.test-endless'`)).toEqual([{ state: 'completed' }]);
  await workers.stop();
});
