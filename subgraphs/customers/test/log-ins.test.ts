import { hashToken, system, type Identity } from '@storegraph/auth';
import { createLogger } from '@storegraph/core';
import { PassThrough } from 'node:stream';
import { sql } from 'drizzle-orm';
import { isObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { customers } from '../src/index.ts';
import { prune } from '../src/session/jobs.ts';
import { openShop, password } from './shop.ts';

const written: string[] = [];
const stream = new PassThrough().on('data', (chunk: Buffer) => written.push(chunk.toString()));
const { admin, codes, links, logIn, mutate, pool, runJob, settled, shopper, signUp, staff, storeId, visitor } = await openShop({
  log: createLogger({ level: 'debug', stream }),
});

const as = async (identity: Identity, statement: string) => {
  const db = pool.session({ domain: 'customers', identity, correlationId: 'test', origin: 'LIVE' });
  try {
    return await db.write((tx) => tx.execute(sql.raw(statement)));
  } finally {
    await db.end();
  }
};

describe('secrets', () => {
  it('have no field in the schema but those of a new session', () => {
    const fields = Object.values(customers.schema.getTypeMap()).flatMap((type) =>
      isObjectType(type) ? Object.keys(type.getFields()).map((field) => `${type.name}.${field}`) : [],
    );
    expect(fields.filter((field) => /\..*(password|hash|secret|token|sealed|private)/i.test(field)).toSorted()).toEqual([
      'CustomerAccount.passwordChangedAt',
      'CustomerSessionTokens.accessToken',
      'CustomerSessionTokens.accessTokenExpiresAt',
      'CustomerSessionTokens.refreshToken',
      'CustomerSessionTokens.refreshTokenExpiresAt',
      'Mutation.customerPasswordChange',
      'Mutation.customerPasswordReset',
      'Mutation.customerPasswordResetRequest',
    ]);
  });

  it('can’t be read by the role of requests, and looked up by nobody but the store’s own system', async () => {
    const { identity, tokens } = await shopper();
    const staffIdentity: Identity = { ...identity, kind: 'STAFF', subjectId: null };
    for (const who of [identity, staffIdentity, system(storeId)]) {
      for (const statement of [
        'select hash from customers.passwords',
        'update customers.passwords set hash = null returning hash',
        'select password_hash from customers.sign_ups',
        'select token_hash from customers.one_time_tokens',
        'select token_hash from customers.refresh_tokens',
      ])
        await expect(as(who, statement), statement).rejects.toMatchObject({ cause: { code: '42501' } });
    }
    const lookUp = `select * from customers.refresh_token_owner('${hashToken(tokens.refreshToken)}')`;
    expect(await as(system(storeId), lookUp)).toHaveLength(1);
    for (const who of [identity, staffIdentity, system(null)]) {
      expect(await as(who, lookUp)).toHaveLength(0);
      expect(await as(who, 'select * from customers.signing_keys')).toHaveLength(who === staffIdentity || who === identity ? 0 : 1);
    }
  });

  it('stand in the database as hashes and sealed texts only, and in no log and no event', async () => {
    const { email, tokens } = await shopper();
    const token = await signUp();
    await codes('customerPasswordResetRequest', { email });
    const reset = (await links(email)).at(-1)?.secret ?? '';
    await visitor.run(`mutation { customerSessionCreate(input: { email: 1, password: "${password}" }) { session { id } } }`);
    await settled();
    const tables = ['accounts', 'passwords', 'sign_ups', 'one_time_tokens', 'sessions', 'refresh_tokens', 'signing_keys', 'attempts'];
    const dump = JSON.stringify(await Promise.all(tables.map((table) => admin(`select * from customers.${table}`))));
    const log = [JSON.stringify(await admin('select * from events.log')), written.join('')].join();
    for (const secret of [password, token, reset, tokens.accessToken, tokens.refreshToken, 'PRIVATE KEY']) {
      expect(dump).not.toContain(secret);
      expect(log).not.toContain(secret);
    }
    expect(dump).toContain(hashToken(tokens.refreshToken));
    expect(dump).toContain('$argon2id$v=19$m=19456,t=2,p=1$');
    expect(log).not.toContain('$argon2id$');
  });
});

it('of what is over nothing stays: sessions, attempts, and links with the addresses that they went to', async () => {
  const { email, identity } = await shopper();
  await logIn(email);
  await signUp({ email: 'gone@shop.test' });
  await codes('customerPasswordResetRequest', { email: 'stranger@shop.test' });
  await signUp({ email: 'waiting@shop.test' });
  await admin(`update customers.sign_ups set expires_at = now() - interval '8 days' where email = 'gone@shop.test'`);
  await admin(
    `update customers.one_time_tokens t set expires_at = now() - interval '8 days'
     where sign_up_id = (select id from customers.sign_ups where email = 'gone@shop.test') or account_id is null and sign_up_id is null`,
  );
  await admin(`update customers.sessions set expires_at = now() - interval '31 days'`);
  await admin(`update customers.attempts set attempted_at = now() - interval '2 days'`);
  await runJob(prune);
  expect(await admin('select count(*)::int as n from customers.sessions')).toEqual([{ n: 0 }]);
  expect(await admin("select count(*)::int as n from customers.attempts where outcome is distinct from 'SUCCEEDED'")).toEqual([{ n: 0 }]);
  expect(await admin("select email from customers.sign_ups where email in ('gone@shop.test', 'waiting@shop.test')")).toEqual([
    { email: 'waiting@shop.test' },
  ]);
  expect([await links('gone@shop.test'), await links('stranger@shop.test')]).toEqual([[], []]);
  expect(await links('waiting@shop.test')).toHaveLength(1);
  // The account has outlived its sessions.
  expect(await staff.data('query ($id: ID!) { customer(id: $id) { account { sessions { id } } } }', { id: identity.subjectId })).toEqual({
    customer: { account: { sessions: [] } },
  });
  expect(await mutate('customerSessionCreate', { email, password }, 'session { id }', visitor)).toMatchObject({ userErrors: [] });
});
