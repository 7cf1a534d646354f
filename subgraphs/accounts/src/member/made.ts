import type { Identity } from '@storegraph/auth';
import { fail, ok, parseId, type Result, type UserId } from '@storegraph/core';
import { first, own, type Tx } from '@storegraph/database';
import { eq } from 'drizzle-orm';
import { revokeApiKeysOf } from '../api-key/revoke.ts';
import { apiKeys } from '../api-key/tables.ts';
import { callerUser } from '../caller.ts';
import { revokeInvitationsOf } from '../invitation/revoke.ts';
import type { MemberRow } from './queries.ts';
import { members } from './tables.ts';

/**
 * The user who answers for a way into the store that the caller makes: the member who asks, or who made the API key that asks, and null where nobody
 * knows. Refused where it would outlive what it comes from: to platform staff, whose stay ends, and to a member or key that was ended while the request
 * was on its way. People are locked.
 */
export async function makerOf(tx: Tx, identity: Identity): Promise<Result<UserId | null, 'FORBIDDEN'>> {
  const keyId = identity.kind === 'API_KEY' ? parseId('key', identity.subjectId) : undefined;
  if (keyId) {
    const { createdBy, revokedAt } = apiKeys;
    const isIt = own(tx, apiKeys, eq(apiKeys.id, keyId));
    const key = first(await tx.select({ createdBy, revokedAt }).from(apiKeys).where(isIt));
    return key && key.revokedAt !== null ? fail('FORBIDDEN', 'The API key has been revoked.') : ok(key?.createdBy ?? null);
  }
  if (identity.kind === 'PLATFORM') return fail('FORBIDDEN', 'Platform staff make nothing that would outlive their stay.');
  const userId = callerUser(identity);
  if (!userId) return ok(null);
  const isIt = own(tx, members, eq(members.userId, userId));
  const member = first(await tx.select({ status: members.status }).from(members).where(isIt));
  return member?.status === 'ACTIVE' ? ok(userId) : fail('FORBIDDEN', 'You do not work in the store any more.');
}

/**
 * Ends the ways into the store that somebody made who works there no more, for each could be their own way back: invitations that are open, and API
 * keys, whose secrets they know. Gives how many keys. People are locked.
 */
export async function endWhatTheyMade(
  tx: Tx,
  { storeId, userId }: MemberRow,
  { keepApiKeys, now }: { readonly keepApiKeys: boolean; readonly now: Date },
): Promise<number> {
  await revokeInvitationsOf(tx, storeId, userId, now);
  return keepApiKeys ? 0 : revokeApiKeysOf(tx, storeId, userId, now);
}
