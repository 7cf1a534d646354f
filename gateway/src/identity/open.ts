import { anonymous } from '@storegraph/auth';
import type { IdentityResolver } from './resolver.ts';

/** Takes nobody for anybody: whatever a request presents is left unread. For graphs that have no identities of ours. */
export const openIdentities: IdentityResolver = {
  resolve: () => Promise.resolve(anonymous()),
  session: () => Promise.resolve({ identity: anonymous(), expiresAt: Infinity }),
  forget: () => undefined,
};
