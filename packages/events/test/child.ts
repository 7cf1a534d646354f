// A process that reacts until it is killed: `node child.ts <login of all domains> <consumer> <poisonous thing>`. Says "ready" once it has begun.
import { silentLogger } from '@storegraph/core';
import { openPool } from '@storegraph/database';
import { sql } from 'drizzle-orm';
import { createPostgresTransport, startDispatcher } from '../src/index.ts';
import { noted, quick, reactionOf } from './support.ts';

const [url = '', consumer = '', poison = ''] = process.argv.slice(2);

const reaction = reactionOf(consumer, 'projection', noted, async (tx, { payload, aggregate }) => {
  if (aggregate === poison && payload.number === 1) process.kill(process.pid, 'SIGKILL');
  await tx.execute(sql`insert into customers.test_notes (consumer, thing, number) values (${consumer}, ${aggregate}, ${payload.number})`);
  // So that most kills come between the note and its commit.
  await tx.execute(sql`select pg_sleep(0.005)`);
});

const transport = createPostgresTransport({ url });
const pool = openPool({ url, max: 10 });
// More attempts than kills can meet the same event.
const retry = poison === '' ? { ...quick, attempts: 30 } : quick;
await startDispatcher({ transport, pool, reactions: [{ domain: 'customers', reaction }], log: silentLogger, retry });
process.stdout.write('ready\n');
