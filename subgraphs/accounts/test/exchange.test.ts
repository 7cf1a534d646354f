import { createPublicKey, verify, type JsonWebKey } from 'node:crypto';
import { anonymous, createTokenIssuer, generateIssuerKey, permissions } from '@storegraph/auth';
import { movableClock, newId, parseId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { accountsHarness, createStore, present } from './support.ts';

const clock = movableClock(new Date());
const { admin, person, merchant, colleague, logIn, exchange, runtime, sent } = await accountsHarness({ clock });

describe('an access token', () => {
  it('is worth what the role grants now, in its own store alone', async () => {
    const owner = await merchant('worth');
    expect(owner.identity).toEqual({
      kind: 'STAFF',
      storeId: owner.storeId,
      subjectId: expect.stringMatching(/^usr_/),
      sessionId: owner.tokens.id,
      permissions,
    });
    const agent = await colleague(owner, 'agent@worth.test', 'AGENT');
    expect(agent.identity.permissions).not.toContain('members:write');
  });

  it('lives five minutes, give or take what clocks may differ', async () => {
    const { tokens } = await merchant('short');
    clock.advance(5 * 60_000 - 1000);
    expect(await exchange(tokens.accessToken)).not.toBeNull();
    clock.advance(10_000);
    expect(await exchange(tokens.accessToken)).toBeNull();
  });

  it.each([
    ['the store is suspended', `update accounts.stores set status = 'SUSPENDED', suspended_at = now() where slug = $slug`],
    ['the store is closed', `update accounts.stores set status = 'CLOSED', closed_at = now() where slug = $slug`],
    [
      'the member is suspended',
      `update accounts.members m set status = 'SUSPENDED', suspended_at = now() from accounts.stores s where s.id = m.store_id and s.slug = $slug`,
    ],
    ['the user is locked out', `update accounts.users set active = false where email = 'owner@' || $slug || '.test'`],
  ])('is worth nothing once %s', async (what, statement) => {
    const slug = what.replaceAll(' ', '-');
    const { tokens } = await merchant(slug);
    expect(await exchange(tokens.accessToken)).not.toBeNull();
    await admin(statement.replaceAll('$slug', `'${slug}'`));
    expect(await exchange(tokens.accessToken)).toBeNull();
  });

  it('is not taken from another issuer, changed, or too long', async () => {
    const { identity, tokens, storeId } = await merchant('forged');
    const sessionId = present(parseId('ses', identity.sessionId));
    const subjectId = present(identity.subjectId);
    for (const issuer of ['accounts', 'customers']) {
      const forger = createTokenIssuer({ issuer, keys: [generateIssuerKey()], kinds: ['STAFF', 'PLATFORM'], clock });
      for (const kind of ['STAFF', 'PLATFORM'] as const) {
        expect(await exchange((await forger.sign({ kind, subjectId, storeId, sessionId })).token)).toBeNull();
      }
    }
    expect(await exchange(tokens.accessToken.slice(0, -4) + 'AAAA')).toBeNull();
    expect(await exchange(`${tokens.accessToken}${'A'.repeat(5000)}`)).toBeNull();
    expect(await exchange('nonsense')).toBeNull();
  });

  it('costs one look-up in the database', async () => {
    const { tokens } = await merchant('cheap');
    sent();
    await exchange(tokens.accessToken);
    expect(sent().filter((text) => text.includes('accounts.'))).toHaveLength(1);
  });
});

describe('the key set', () => {
  it('is public, holds no private part, and checks a token without asking', async () => {
    const { tokens } = await merchant('keyset');
    const answer = await runtime.handlePublic(new Request('http://localhost/public/jwks.json'), { requestId: 'test', ip: null });
    expect(answer.headers.get('content-type')).toBe('application/jwk-set+json');
    const { keys } = (await answer.json()) as { keys: JsonWebKey[] };
    expect(keys).toEqual([
      { crv: 'Ed25519', kty: 'OKP', x: expect.any(String), kid: expect.stringMatching(/^kid_/), alg: 'EdDSA', use: 'sig' },
    ]);
    const [header, payload, signature] = tokens.accessToken.split('.');
    const key = createPublicKey({ key: present(keys[0]), format: 'jwk' });
    expect(verify(null, Buffer.from(`${header}.${payload}`), key, Buffer.from(present(signature), 'base64url'))).toBe(true);
  });

  it('has one key, however many processes start at once', async () => {
    await Promise.all(Array.from({ length: 5 }, () => runtime.start()));
    expect(await admin('select count(*)::int as n from accounts.signing_keys')).toEqual([{ n: 1 }]);
  });
});

describe('platform staff', () => {
  it('are known by a row that only the operator writes, and lose their rights with it', async () => {
    await person('staff@platform.test');
    await admin(`insert into accounts.platform_staff (user_id) select user_id from accounts.users where email = 'staff@platform.test'`);
    const { accessToken } = await logIn('staff@platform.test');
    expect(await exchange(accessToken)).toMatchObject({ kind: 'PLATFORM', storeId: null, permissions: [] });
    await admin('delete from accounts.platform_staff');
    expect(await exchange(accessToken)).toBeNull();
  });
});

describe('a store’s name', () => {
  it('makes a visitor of that store, if it trades', async () => {
    const { client } = await person('slugs@example.test');
    const storeId = await createStore(client, 'named');
    const enter = (slug: string) => runtime.exchange?.({ kind: 'STORE', slug });
    expect(await enter('named')).toEqual(anonymous(storeId));
    expect(await enter('unknown')).toBeNull();
    expect(await enter(newId('sto'))).toBeNull();
    expect(await enter('x'.repeat(10_000))).toBeNull();
    await admin(`update accounts.stores set status = 'SUSPENDED', suspended_at = now() where slug = 'named'`);
    expect(await enter('named')).toBeNull();
  });
});
