import { parseId } from '@storegraph/core';
import { apiKeyLoaders } from '../api-key/queries.ts';
import { callerUser } from '../caller.ts';
import type { Resolvers } from '../generated/graphql.ts';
import { ownInvitations } from '../invitation/lookups.ts';
import { ownMemberships } from '../lookups.ts';
import { ownSessions } from '../session/queries.ts';
import { currentStore } from '../store/queries.ts';
import { userLoaders } from '../user/loaders.ts';

export const resolvers: Resolvers = {
  Query: {
    viewer: (_, _arguments, { identity }) => {
      const userId = callerUser(identity) ?? null;
      const apiKeyId = identity.kind === 'API_KEY' ? (parseId('key', identity.subjectId) ?? null) : null;
      return userId || apiKeyId ? { userId, apiKeyId } : null;
    },
  },
  Viewer: {
    user: ({ userId }, _, { load }) => userId && load(userLoaders).byId.load(userId),
    apiKey: ({ apiKeyId }, _, { load }) => apiKeyId && load(apiKeyLoaders).byId.load(apiKeyId),
    store: (_, _arguments, ctx) => currentStore(ctx),
    permissions: (_, _arguments, { identity }) => identity.permissions,
    memberships: ({ userId }, _, { db }) => (userId ? db.read((tx) => ownMemberships(tx)) : []),
    invitations: async ({ userId }, _, { db, clock }) =>
      userId ? (await db.read((tx) => ownInvitations(tx))).filter(({ expiresAt }) => expiresAt > clock.now()) : [],
    platform: (_, _arguments, { identity }) => identity.kind === 'PLATFORM',
    sessions: (_, _arguments, ctx) => ownSessions(ctx),
  },
};
