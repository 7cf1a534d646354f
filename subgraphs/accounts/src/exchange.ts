import { anonymous, hashToken, permissions, sessionStatus, TokenRejected, type Credential, type Identity } from '@storegraph/auth';
import { parseId, type Id, type StoreId, type UserId } from '@storegraph/core';
import type { Tx } from '@storegraph/database';
import type { ExchangeEnv } from '@storegraph/subgraph';
import { markUsed } from './api-key/mark-used.ts';
import { apiKeyStatus } from './api-key/api-key.ts';
import { activeStore, apiKeyAccess, sessionAccess } from './lookups.ts';
import { platformAccess } from './platform/lookups.ts';
import { permissionsOf } from './role/role.ts';
import { tokenIssuer } from './session/signing-keys.ts';

/** Turns what a request brings into who it acts for; null for what is not ours, or is good no more. */
export function exchange(env: ExchangeEnv, credential: Credential): Promise<Identity | null> {
  switch (credential.kind) {
    case 'TOKEN':
      return ofToken(env, credential.token);
    case 'API_KEY':
      return ofApiKey(env, credential.key);
    case 'STORE':
      return ofSlug(env, credential.slug);
  }
}

const maxCredentialLength = 4096;

/** A good signature says who it was; the database says whether it still holds, and what the role is worth now. */
async function ofToken(env: ExchangeEnv, token: string): Promise<Identity | null> {
  if (token.length > maxCredentialLength) return null;
  const claims = await tokenIssuer(env)
    .verify(token, env.db)
    .catch((error: unknown) => {
      if (error instanceof TokenRejected) return null;
      throw error;
    });
  const sessionId = parseId('ses', claims?.sessionId);
  const userId = parseId('usr', claims?.subjectId);
  if (!claims || !sessionId || !userId) return null;
  const { kind, storeId } = claims;
  if (kind === 'PLATFORM') return ofPlatform(env, { userId, sessionId, storeId });

  const access = await lookUp(env, (tx) => sessionAccess(tx, sessionId, userId, storeId));
  if (!access?.active || access.revoked) return null;
  if (sessionStatus({ expiresAt: access.expiresAt, revokedAt: null }, env.clock.now()) !== 'ACTIVE') return null;

  const subject = { kind: 'STAFF' as const, storeId, subjectId: userId, sessionId };
  if (storeId === null) return { ...subject, permissions: [] };
  const { member } = access;
  if (member?.status !== 'ACTIVE' || member.storeStatus !== 'ACTIVE') return null;
  return { ...subject, permissions: permissionsOf(member.role) };
}

/** Platform staff have no right in a store but during a stay there; then they have all, also in one that does not trade. */
async function ofPlatform(
  env: ExchangeEnv,
  { userId, sessionId, storeId }: { userId: UserId; sessionId: Id<'ses'>; storeId: StoreId | null },
): Promise<Identity | null> {
  const now = env.clock.now();
  const access = await lookUp(env, (tx) => platformAccess(tx, sessionId, userId, storeId));
  if (!access?.active || access.revoked || !access.platformStaff) return null;
  if (sessionStatus({ expiresAt: access.expiresAt, revokedAt: null }, now) !== 'ACTIVE') return null;
  const subject = { kind: 'PLATFORM' as const, storeId, subjectId: userId, sessionId };
  if (storeId === null) return { ...subject, permissions: [] };
  return access.entryExpiresAt !== null && access.entryExpiresAt > now ? { ...subject, permissions } : null;
}

async function ofApiKey(env: ExchangeEnv, secret: string): Promise<Identity | null> {
  if (secret.length > maxCredentialLength) return null;
  const now = env.clock.now();
  const key = await lookUp(env, (tx) => apiKeyAccess(tx, hashToken(secret)));
  if (!key || key.revoked || key.storeStatus !== 'ACTIVE') return null;
  if (apiKeyStatus({ expiresAt: key.expiresAt, revokedAt: null }, now) !== 'ACTIVE') return null;
  const identity: Identity = { kind: 'API_KEY', storeId: key.storeId, subjectId: key.id, sessionId: null, permissions: key.permissions };
  await markUsed(env.db(identity), key, now);
  return identity;
}

/** A shopper who names a store, and nobody else, may see what it shows to everybody. */
async function ofSlug(env: ExchangeEnv, slug: string): Promise<Identity | null> {
  const store = await lookUp(env, (tx) => activeStore(tx, slug));
  return store ? anonymous(store.id) : null;
}

/** Ended at once, so that a write that follows is not a second connection. */
async function lookUp<T>(env: ExchangeEnv, find: (tx: Tx) => Promise<T>): Promise<T> {
  const db = env.db(anonymous());
  try {
    return await db.read(find);
  } finally {
    await db.end();
  }
}
