// A worker that never ends its job: `node child.ts <login of all domains>`. Says "running" once it has begun.
import { randomBytes } from 'node:crypto';
import { createSealer } from '@storegraph/auth';
import { silentLogger } from '@storegraph/core';
import { openPool } from '@storegraph/database';
import { startWorkers } from '../src/index.ts';
import { endless } from './endless.ts';

const [url = ''] = process.argv.slice(2);
const job = endless(() => {
  process.stdout.write('running\n');
  return new Promise(() => undefined);
});
await startWorkers({
  url,
  pool: openPool({ url, max: 2 }),
  jobs: [{ domain: 'orders', job }],
  sealer: createSealer({ keys: [{ id: 'k1', key: randomBytes(32) }] }),
  log: silentLogger,
  pollSeconds: 0.5,
});
