import { payload } from '@storegraph/subgraph';
import type { Resolvers } from '../generated/graphql.ts';
import { sessionCreate } from './commands/session-create.ts';
import { sessionRefresh } from './commands/session-refresh.ts';
import { sessionRevoke } from './commands/session-revoke.ts';
import { sessionSwitchStore } from './commands/session-switch-store.ts';
import { sessionStatus } from './session.ts';

export const resolvers: Resolvers = {
  Mutation: {
    sessionCreate: async (_, { input }, ctx) => payload('session', await sessionCreate(ctx, input)),
    sessionRefresh: async (_, { input }, ctx) => payload('session', await sessionRefresh(ctx, input)),
    sessionSwitchStore: async (_, { input }, ctx) => payload('session', await sessionSwitchStore(ctx, input)),
    sessionRevoke: async (_, { input }, ctx) => payload('session', await sessionRevoke(ctx, input)),
  },
  Session: {
    status: (session, _, { clock }) => sessionStatus(session, clock.now()),
    current: (session, _, { identity }) => session.id === identity.sessionId,
  },
};
