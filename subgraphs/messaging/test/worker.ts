// A worker that delivers mail: `node worker.ts <login of all domains>`, with STOREGRAPH_SMTP_URL in its environment.
import { randomBytes } from 'node:crypto';
import { createSealer } from '@storegraph/auth';
import { silentLogger } from '@storegraph/core';
import { openPool } from '@storegraph/database';
import { startWorkers } from '@storegraph/jobs';
import { deliverEmail } from '../src/email/deliver.ts';

const [url = ''] = process.argv.slice(2);
await startWorkers({
  url,
  pool: openPool({ url, max: 2 }),
  jobs: [{ domain: 'messaging', job: deliverEmail }],
  sealer: createSealer({ keys: [{ id: 'k1', key: randomBytes(32) }] }),
  log: silentLogger,
  pollSeconds: 0.5,
});
