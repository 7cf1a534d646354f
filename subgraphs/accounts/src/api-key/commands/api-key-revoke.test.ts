import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { accountsHarness, createApiKey, refusals, type Answer } from '../../../test/support.ts';

const { merchant, colleague, runtime } = await accountsHarness();

const mutation = 'mutation ($input: ApiKeyRevokeInput!) { apiKeyRevoke(input: $input) { apiKey { id status } userErrors { code field } } }';

describe('apiKeyRevoke', () => {
  it('ends the key for good', async () => {
    const { client } = await merchant('revoking');
    const { id, secret } = await createApiKey(client, ['store:read']);
    expect(await runtime.exchange?.({ kind: 'API_KEY', key: secret })).toMatchObject({ subjectId: id });
    expect(await client.data<Answer<'apiKeyRevoke', object>>(mutation, { input: { apiKeyId: id } })).toEqual({
      apiKeyRevoke: { apiKey: { id, status: 'REVOKED' }, userErrors: [] },
    });
    expect(await runtime.exchange?.({ kind: 'API_KEY', key: secret })).toBeNull();
  });

  it('refuses bad input, a second time, and a key of another store', async () => {
    const { client } = await merchant('strict');
    const other = await merchant('elsewhere');
    const foreign = await createApiKey(other.client, ['store:read']);
    const { id } = await createApiKey(client, ['store:read']);
    const refused = (apiKeyId: string) => refusals(client, 'apiKeyRevoke', 'ApiKeyRevokeInput', { apiKeyId });
    expect(await refused('')).toEqual(['NOT_FOUND apiKeyId']);
    expect(await refused('x'.repeat(10_000))).toEqual(['NOT_FOUND apiKeyId']);
    expect(await refused(newId('key'))).toEqual(['NOT_FOUND apiKeyId']);
    expect(await refused(foreign.id)).toEqual(['NOT_FOUND apiKeyId']);
    expect(await runtime.exchange?.({ kind: 'API_KEY', key: foreign.secret })).toMatchObject({ subjectId: foreign.id });
    expect(await refused(id)).toEqual([]);
    expect(await refused(id)).toEqual(['ALREADY_REVOKED apiKeyId']);
    const manager = await colleague(other, 'manager@elsewhere.test', 'MANAGER');
    expect(await manager.client.codes(mutation, { input: { apiKeyId: foreign.id } })).toEqual(['FORBIDDEN']);
  });
});
