import { fail, ok } from '@storegraph/core';
import { one, own } from '@storegraph/database';
import { apiKeyRevoked, emit, signal } from '@storegraph/events';
import { readId, type Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { callerStore } from '../../caller.ts';
import type { ApiKeyRevokeInput } from '../../generated/graphql.ts';
import { apiKeys } from '../tables.ts';

export function apiKeyRevoke({ db, identity, clock }: Context, input: ApiKeyRevokeInput) {
  const storeId = callerStore(identity);
  const id = readId('key', input.apiKeyId);
  return db.write(async (tx) => {
    const [key] = await tx
      .select()
      .from(apiKeys)
      .where(own(tx, apiKeys, eq(apiKeys.id, id)))
      .for('update');
    if (!key) return fail('NOT_FOUND', 'No such API key.', ['apiKeyId']);
    if (key.revokedAt !== null) return fail('ALREADY_REVOKED', 'The API key has been revoked already.', ['apiKeyId']);
    const revoked = one(
      await tx
        .update(apiKeys)
        .set({ revokedAt: clock.now() })
        .where(own(tx, apiKeys, eq(apiKeys.id, id)))
        .returning(),
    );
    await emit(tx, apiKeyRevoked({ storeId, apiKeyId: id }));
    await signal(tx, 'credentials', { keyId: id });
    return ok(revoked);
  });
}
