import { anonymous, hashToken, system, type Identity } from '@storegraph/auth';
import { createLogger } from '@storegraph/core';
import { PassThrough } from 'node:stream';
import { sql } from 'drizzle-orm';
import { isObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { accounts } from '../src/index.ts';
import { accountsHarness, createApiKey, password, present } from './support.ts';

const written: string[] = [];
const stream = new PassThrough().on('data', (chunk: Buffer) => written.push(chunk.toString()));
const harness = await accountsHarness({ log: createLogger({ level: 'debug', stream }) });
const { admin, merchant, pool, visitor, refresh, settled, exchange, sent } = harness;

const owner = await merchant('secret');
const key = await createApiKey(owner.client, ['store:read']);
const rotated = present((await refresh(owner.tokens.refreshToken)).session);

const attempt = async (identity: Identity, statement: string) => {
  const db = pool.session({ domain: 'accounts', identity, correlationId: 'test', origin: 'LIVE' });
  try {
    return await db.write((tx) => tx.execute(sql.raw(statement)));
  } finally {
    await db.end();
  }
};

describe('secrets', () => {
  it('have no field in the schema', () => {
    const fields = Object.values(accounts.schema.getTypeMap()).flatMap((type) =>
      isObjectType(type) ? Object.keys(type.getFields()).map((field) => `${type.name}.${field}`) : [],
    );
    expect(fields.filter((field) => /\..*(password|hash|secret|token|sealed|private)/i.test(field)).toSorted()).toEqual([
      'ApiKeyCreatePayload.secret',
      'LogInChallenge.token',
      'Mutation.passwordChange',
      'Mutation.passwordReset',
      'Mutation.passwordResetRequest',
      'SessionTokens.accessToken',
      'SessionTokens.accessTokenExpiresAt',
      'SessionTokens.refreshToken',
      'SessionTokens.refreshTokenExpiresAt',
      'TotpDeviceCreatePayload.secret',
    ]);
  });

  it('can’t be read by the role of requests, whoever asks, not even by the person they belong to', async () => {
    for (const identity of [owner.identity, system(owner.storeId), anonymous()]) {
      for (const statement of [
        'select hash from accounts.passwords',
        'update accounts.passwords set hash = null returning hash',
        'select token_hash from accounts.refresh_tokens',
        'select token_hash from accounts.one_time_tokens',
        'select code_hash from accounts.backup_codes',
        'select secret_hash from accounts.api_key_secrets',
        'select * from accounts.store_names',
      ]) {
        await expect(attempt(identity, statement), statement).rejects.toMatchObject({ cause: { code: '42501' } });
      }
    }
    expect(await attempt(owner.identity, 'select * from accounts.signing_keys')).toHaveLength(0);
  });

  it('stand in the database as hashes and sealed texts only', async () => {
    const dump = JSON.stringify(
      await Promise.all(
        [
          'users',
          'passwords',
          'sessions',
          'refresh_tokens',
          'api_keys',
          'api_key_secrets',
          'signing_keys',
          'attempts',
          'idempotency_keys',
          'activities',
        ].map((table) => admin(`select * from accounts.${table}`)),
      ),
    );
    const found = [
      password,
      owner.tokens.accessToken,
      present(owner.tokens.refreshToken),
      present(rotated.refreshToken),
      key.secret,
      'PRIVATE KEY',
    ];
    expect(found.filter((secret) => dump.includes(secret))).toEqual([]);
    expect(dump).toContain(hashToken(key.secret));
    expect(dump).toContain('$argon2id$v=19$m=19456,t=2,p=1$');
  });

  it('are in no log, no event and no job, also when what was asked for is wrong', async () => {
    await visitor.run(`mutation { sessionCreate(input: { email: 1, password: "${password}" }) { session { accessToken } } }`);
    await visitor.run(
      `mutation { sessionCreate(input: { email: "owner@secret.test", password: "${password}", extra: true }) { session { accessToken } } }`,
    );
    await visitor.run('mutation ($input: SessionCreateInput!) { sessionCreate(input: $input) { userErrors { code } } }', {
      input: { email: null, password },
    });
    await exchange(`${owner.tokens.accessToken}x`);
    await settled();
    const events = JSON.stringify(await admin('select * from events.log'));
    const log = written.join('');
    for (const secret of [
      password,
      owner.tokens.accessToken,
      present(owner.tokens.refreshToken),
      present(rotated.refreshToken),
      key.secret,
      hashToken(key.secret),
    ]) {
      expect(log).not.toContain(secret);
      expect(events).not.toContain(secret);
    }
    expect(events).not.toContain('$argon2id$');
  });

  it('can’t be given to oneself: rights and secrets of a person are not the person’s to write', async () => {
    const [me] = await admin(`select user_id::text as id from accounts.users where email = 'owner@secret.test'`);
    for (const statement of [
      `insert into accounts.platform_staff (user_id) values ('${String(me?.['id'])}')`,
      `update accounts.users set active = true`,
      `update accounts.users set email = 'someone@else.test'`,
      `update accounts.stores set status = 'ACTIVE'`,
      `update accounts.stores set currency = 'USD'`,
      `update accounts.api_keys set permissions = '{}'`,
      `delete from accounts.members`,
      `delete from accounts.sessions`,
    ]) {
      await expect(attempt(owner.identity, statement), statement).rejects.toMatchObject({ cause: { code: '42501' } });
    }
  });
});

describe('guessing', () => {
  const guess = (email: string) =>
    visitor.run('mutation ($input: SessionCreateInput!) { sessionCreate(input: $input) { userErrors { code } } }', {
      input: { email, password: 'a wrong password' },
    });

  it('costs the same statements for a known and for an unknown address', async () => {
    sent();
    await guess('nobody@secret.test');
    const unknown = sent();
    await guess('owner@secret.test');
    expect(sent()).toEqual(unknown);
  });
});
