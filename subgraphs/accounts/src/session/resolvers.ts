import { sessionStatus } from '@storegraph/auth';
import { payload } from '@storegraph/subgraph';
import type { Resolvers } from '../generated/graphql.ts';
import { sessionCreate } from './commands/session-create.ts';
import { sessionRefresh } from './commands/session-refresh.ts';
import { sessionRevoke } from './commands/session-revoke.ts';
import { sessionRevokeOthers } from './commands/session-revoke-others.ts';
import { sessionSwitchStore } from './commands/session-switch-store.ts';
import { sessionVerifyTotp } from './commands/session-verify-totp.ts';
import { deviceName } from './device.ts';
import { ownLogInAttempts } from './queries.ts';

export const resolvers: Resolvers = {
  Mutation: {
    sessionCreate: async (_, { input }, ctx) => payload(await sessionCreate(ctx, input)),
    sessionVerifyTotp: async (_, { input }, ctx) => payload('session', await sessionVerifyTotp(ctx, input)),
    sessionRefresh: async (_, { input }, ctx) => payload('session', await sessionRefresh(ctx, input)),
    sessionSwitchStore: async (_, { input }, ctx) => payload('session', await sessionSwitchStore(ctx, input)),
    sessionRevoke: async (_, { input }, ctx) => payload('session', await sessionRevoke(ctx, input)),
    sessionRevokeOthers: async (_, { input }, ctx) => payload('sessions', await sessionRevokeOthers(ctx, input)),
  },
  Session: {
    status: (session, _, { clock }) => sessionStatus(session, clock.now()),
    current: (session, _, { identity }) => session.id === identity.sessionId,
    device: ({ userAgent }) => deviceName(userAgent),
  },
  LogInAttempt: {
    at: ({ attemptedAt }) => attemptedAt,
    outcome: ({ outcome }) => (outcome === null || outcome === 'NONE' ? 'UNDECIDED' : outcome),
    device: ({ userAgent }) => deviceName(userAgent),
  },
  User: { logInAttempts: (user, page, ctx) => ownLogInAttempts(ctx, user.id, page) },
};
