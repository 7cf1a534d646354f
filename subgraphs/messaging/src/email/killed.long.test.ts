import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { silentLogger, systemClock } from '@storegraph/core';
import { startWorkers } from '@storegraph/jobs';
import { identity } from '@storegraph/testing';
import { expect, it } from 'vitest';
import { mailHarness } from '../../test/mail.ts';
import { deliverEmail } from './deliver.ts';
import { sendEmail } from './send.ts';

const mail = await mailHarness();

it('a mail whose worker is killed (-9) between the wire and the commit is UNKNOWN, and not sent twice', async () => {
  const store = await mail.store();
  const db = mail.pool.session({ domain: 'messaging', identity: identity.system(store), correlationId: 'test', origin: 'LIVE' });
  const values = { number: '1042', link: 'https://shop.example.com/orders/1042' };
  await db.write((tx) =>
    sendEmail(tx, mail.sealer, systemClock.now(), { code: 'order-delivered', to: { email: 'ada@example.com' }, language: 'en', values }),
  );
  await db.end();
  mail.office.conduct = { kind: 'hang' };
  const worker = spawn(process.execPath, [fileURLToPath(new URL('../../test/worker.ts', import.meta.url)), mail.url], {
    stdio: 'inherit',
    env: { ...process.env, NODE_ENV: 'development', STOREGRAPH_SMTP_URL: mail.office.url },
  });
  while (mail.office.received.length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
  worker.kill('SIGKILL');
  mail.office.conduct = { kind: 'take' };
  const { url, pool, sealer } = mail;
  const workers = await startWorkers({
    url,
    pool,
    jobs: [{ domain: 'messaging', job: deliverEmail }],
    sealer,
    log: silentLogger,
    pollSeconds: 0.5,
  });
  await workers.idle();
  await workers.stop();
  const [email] = await mail.logged(store);
  expect(email).toMatchObject({ status: 'UNKNOWN', error_code: 'INTERRUPTED', attempts: 1 });
  expect(await mail.heardOf(email?.id ?? '')).toEqual(['QUEUED', 'UNKNOWN']);
  expect(mail.office.received.length).toBe(1);
}, 90_000);
