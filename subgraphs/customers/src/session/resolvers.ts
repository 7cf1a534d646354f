import { sessionStatus } from '@storegraph/auth';
import { payload } from '@storegraph/subgraph';
import type { Resolvers } from '../generated/graphql.ts';
import { customerSessionCreate } from './commands/customer-session-create.ts';
import { customerSessionRefresh } from './commands/customer-session-refresh.ts';
import { customerSessionRevoke } from './commands/customer-session-revoke.ts';
import { loaders } from './loaders.ts';

export const resolvers: Resolvers = {
  Mutation: {
    customerSessionCreate: async (_, { input }, ctx) => payload('session', await customerSessionCreate(ctx, input)),
    customerSessionRefresh: async (_, { input }, ctx) => payload('session', await customerSessionRefresh(ctx, input)),
    customerSessionRevoke: async (_, { input }, ctx) => payload('session', await customerSessionRevoke(ctx, input)),
  },
  CustomerAccount: { sessions: ({ id }, _, { load }) => load(loaders).byAccount.load(id) },
  CustomerSession: {
    status: (session, _, { clock }) => sessionStatus(session, clock.now()),
    current: (session, _, { identity }) => session.id === identity.sessionId,
  },
};
