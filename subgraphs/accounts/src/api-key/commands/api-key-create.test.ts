import { hashToken } from '@storegraph/auth';
import { movableClock } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { accountsHarness, createApiKey, present, refusals } from '../../../test/support.ts';

const clock = movableClock(new Date());
const { as, admin, merchant, colleague, runtime } = await accountsHarness({ clock });

const enter = (key: string) => runtime.exchange?.({ kind: 'API_KEY', key }) ?? Promise.resolve(null);

describe('apiKeyCreate', () => {
  it('makes a key that opens its store with its permissions, and shows its secret once', async () => {
    const { client, storeId } = await merchant('keys');
    const { id, secret } = await createApiKey(client, ['orders:read', 'store:read', 'apiKeys:read']);
    expect(secret).toMatch(/^sk_[\w-]{43}$/);
    const identity = present(await enter(secret));
    expect(identity).toEqual({
      kind: 'API_KEY',
      storeId,
      subjectId: id,
      sessionId: null,
      permissions: ['store:read', 'apiKeys:read', 'orders:read'],
    });
    expect(
      await as(identity).data(
        '{ viewer { user { id } apiKey { id name } store { slug } permissions memberships { id } sessions { id } } }',
      ),
    ).toEqual({
      viewer: {
        user: null,
        apiKey: { id, name: 'A program' },
        store: { slug: 'keys' },
        permissions: ['store:read', 'apiKeys:read', 'orders:read'],
        memberships: [],
        sessions: [],
      },
    });
    expect(
      await as(identity).data('{ apiKeys { totalCount nodes { id prefix status createdBy { email } lastUsedAt expiresAt revokedAt } } }'),
    ).toMatchObject({
      apiKeys: { totalCount: 1, nodes: [{ id, prefix: secret.slice(0, 11), status: 'ACTIVE', createdBy: { email: 'owner@keys.test' } }] },
    });
    expect(await admin(`select secret_hash from accounts.api_key_secrets`)).toEqual([{ secret_hash: hashToken(secret) }]);
  });

  it('notes its use to the minute', async () => {
    const { client } = await merchant('using');
    const { secret } = await createApiKey(client, ['store:read']);
    const used = async () =>
      (await admin(`select last_used_at from accounts.api_keys where prefix = '${secret.slice(0, 11)}'`))[0]?.['last_used_at'];
    expect(await used()).toBeNull();
    await Promise.all([enter(secret), enter(secret)]);
    const first = present(await used());
    clock.advance(59_000);
    await enter(secret);
    expect(await used()).toEqual(first);
    clock.advance(2_000);
    await enter(secret);
    expect(await used()).not.toEqual(first);
  });

  it('opens nothing once it has expired, or while its store does not trade', async () => {
    const { client } = await merchant('ending');
    const expiresAt = new Date(clock.now().getTime() + 60_000).toISOString();
    const { apiKeyCreate } = await client.data<{ apiKeyCreate: { secret: string } }>(
      'mutation ($input: ApiKeyCreateInput!) { apiKeyCreate(input: $input) { secret } }',
      { input: { name: 'Short', permissions: ['store:read'], expiresAt } },
    );
    expect(await enter(apiKeyCreate.secret)).not.toBeNull();
    await admin(`update accounts.stores set status = 'SUSPENDED', suspended_at = now() where slug = 'ending'`);
    expect(await enter(apiKeyCreate.secret)).toBeNull();
    await admin(`update accounts.stores set status = 'ACTIVE' where slug = 'ending'`);
    clock.advance(60_000);
    expect(await enter(apiKeyCreate.secret)).toBeNull();
    expect(await enter('sk_unknown')).toBeNull();
  });

  it('never holds a permission that its maker does not have, be that a member or another key', async () => {
    const owner = await merchant('subset');
    const adminOf = await colleague(owner, 'admin@subset.test', 'ADMIN');
    const ask = (client: typeof owner.client, permissions: string[]) =>
      refusals(client, 'apiKeyCreate', 'ApiKeyCreateInput', { name: 'Key', permissions });
    expect(await ask(adminOf.client, ['orders:read', 'store:close'])).toEqual(['ABOVE_YOUR_PERMISSIONS permissions.1']);
    const { secret } = await createApiKey(owner.client, ['apiKeys:write', 'orders:read']);
    const key = as(present(await enter(secret)));
    expect(await ask(key, ['orders:write', 'orders:read'])).toEqual(['ABOVE_YOUR_PERMISSIONS permissions.0']);
    expect(await ask(key, ['orders:read'])).toEqual([]);
  });

  it('refuses bad input with a code and the field, and makes no key', async () => {
    const { client } = await merchant('strict');
    const refused = (input: object) =>
      refusals(client, 'apiKeyCreate', 'ApiKeyCreateInput', { name: 'Key', permissions: ['store:read'], ...input });
    expect(await refused({ name: ' ' })).toEqual(['REQUIRED name']);
    expect(await refused({ name: 'x'.repeat(101) })).toEqual(['TOO_LONG name']);
    expect(await refused({ permissions: [] })).toEqual(['INVALID permissions']);
    expect(await refused({ permissions: Array.from({ length: 101 }, () => 'store:read') })).toEqual(['TOO_LONG permissions']);
    expect(await refused({ permissions: ['store:fly'] })).toEqual(['UNKNOWN_PERMISSION permissions.0']);
    expect(await refused({ expiresAt: clock.now().toISOString() })).toEqual(['EXPIRES_IN_THE_PAST expiresAt']);
    expect(await client.codes('mutation { apiKeyCreate(input: { name: "x", permissions: [], expiresAt: "soon" }) { secret } }')).toEqual([
      'BAD_REQUEST',
    ]);
    expect(await client.data('{ apiKeys { totalCount } }')).toEqual({ apiKeys: { totalCount: 0 } });
  });
});
