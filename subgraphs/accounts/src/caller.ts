import type { Identity } from '@storegraph/auth';
import { parseId, type Id, type StoreId, type UserId } from '@storegraph/core';
import { PublicError } from '@storegraph/subgraph';

/** The store that the caller is bound to. Throws FORBIDDEN for one who has the right and is in no store. */
export function callerStore({ storeId }: Identity): StoreId {
  if (storeId === null) throw new PublicError('FORBIDDEN', 'Enter a store first.');
  return storeId;
}

/** The user who asks; undefined for API keys, shoppers, visitors and the kernel. */
export const callerUser = ({ kind, subjectId }: Identity): UserId | undefined =>
  kind === 'STAFF' || kind === 'PLATFORM' ? parseId('usr', subjectId) : undefined;

/** The session of the user who asks. */
export const callerSession = (identity: Identity): Id<'ses'> | undefined =>
  callerUser(identity) === undefined ? undefined : parseId('ses', identity.sessionId);

/** A user who has proven who they are, and so may change what is their own; in a store the identity has no rights beyond that. */
export const provenUser = (userId: UserId, storeId: StoreId | null = null, sessionId: Id<'ses'> | null = null): Identity => ({
  kind: 'STAFF',
  storeId,
  subjectId: userId,
  sessionId,
  permissions: [],
});
