import { randomBytes } from 'node:crypto';
import { createSealer } from '@storegraph/auth';
import { silentLogger, systemClock } from '@storegraph/core';
import { expect, it } from 'vitest';
import { prune } from '../src/session/jobs.ts';
import { accountsHarness } from './support.ts';

const { admin, person, pool, logIn, refresh, exchange } = await accountsHarness();

it('forgets sessions 30 days after their end with their tokens, used refresh tokens with their expiry, and attempts after a day or, of known addresses, thirty', async () => {
  const { tokens } = await person('old@example.test');
  const recent = await logIn('old@example.test');
  await admin(
    `update accounts.sessions set expires_at = now() - interval '31 days' where id = (select id from accounts.sessions order by created_at limit 1)`,
  );
  await admin(
    `update accounts.attempts set attempted_at = now() - interval '31 days' where id = (select id from accounts.attempts where purpose = 'LOG_IN' order by id limit 1)`,
  );
  const rows = [
    ['1 day', 'LOG_IN', 'FAILED'],
    ['1 day', 'SIGN_UP', null],
    ['1 hour', 'LOG_IN', 'FAILED'],
    ['29 days', 'LOG_IN', 'SUCCEEDED'],
  ];
  for (const [ago, purpose, outcome] of rows) {
    await admin(
      `insert into accounts.attempts (id, purpose, subject_key, outcome, attempted_at)
       values (gen_random_uuid(), '${String(purpose)}', 'x', ${outcome ? `'${outcome}'` : 'null'}, now() - interval '${String(ago)}' - interval '1 minute')`,
    );
  }
  const live = await refresh(recent.refreshToken);
  await admin(`update accounts.refresh_tokens set expires_at = now() - interval '1 minute' where used_at is not null`);
  const context = {
    db: pool.session({
      domain: 'accounts',
      identity: { kind: 'SYSTEM', storeId: null, subjectId: null, sessionId: null, permissions: [] },
      correlationId: 'test',
      origin: 'LIVE',
    }),
  };
  await prune.handle(
    {
      ...context,
      storeId: null,
      jobId: 'job_00000000000000000000000000',
      attempt: 1,
      correlationId: 'test',
      sealer: createSealer({ keys: [{ id: 'k1', key: randomBytes(32) }] }),
      clock: systemClock,
      log: silentLogger,
      signal: AbortSignal.timeout(10_000),
      inStore: () => Promise.reject(new Error('not asked for')),
      sweep: (work) => pool.sweep('accounts', work),
    },
    {},
  );
  await context.db.end();
  expect(await admin('select count(*)::int as n from accounts.sessions')).toEqual([{ n: 1 }]);
  expect(await admin('select count(*)::int as n from accounts.refresh_tokens')).toEqual([{ n: 1 }]);
  expect(await admin('select count(*)::int as n from accounts.attempts')).toEqual([{ n: 4 }]);
  expect(await exchange(tokens.accessToken)).toBeNull();
  expect(await exchange(recent.accessToken)).not.toBeNull();
  expect((await refresh(live.session?.refreshToken ?? null)).userErrors).toEqual([]);
});
