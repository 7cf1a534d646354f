import { payload } from '@storegraph/subgraph';
import { reloaded } from '../conversation/reloaded.ts';
import type { Resolvers } from '../generated/graphql.ts';
import { conversationRead } from './commands/conversation-read.ts';
import { participantAdd } from './commands/participant-add.ts';
import { participantMute } from './commands/participant-mute.ts';
import { participantRemove } from './commands/participant-remove.ts';
import { participantLoaders } from './loaders.ts';

export const resolvers: Resolvers = {
  Mutation: {
    conversationRead: async (_, { input }, ctx) => payload('conversation', await reloaded(ctx, await conversationRead(ctx, input))),
    participantAdd: async (_, { input }, ctx) => payload('conversation', await reloaded(ctx, await participantAdd(ctx, input))),
    participantRemove: async (_, { input }, ctx) => payload('conversation', await reloaded(ctx, await participantRemove(ctx, input))),
    participantMute: async (_, { input }, ctx) => payload('participation', await participantMute(ctx, input)),
  },
  Conversation: {
    participants: ({ id }, _, ctx) => ctx.load(participantLoaders).active.load(id),
    participation: ({ id }, _, ctx) => ctx.load(participantLoaders).mine.load(id),
  },
  Participant: {
    person: ({ kind, userId, customerId }) => ({ kind, id: kind === 'CUSTOMER' ? customerId : userId }),
    user: ({ kind, userId }) => (kind === 'STORE' && userId ? { id: userId } : null),
    lastReadSequence: ({ lastRead }) => lastRead,
  },
};
