import { readId, type Context } from '@storegraph/subgraph';
import { loaders } from '../conversation/loaders.ts';
import type { Resolvers } from '../generated/graphql.ts';
import type { ChangeEntry } from './feed.ts';
import { conversationCursorNow, followConversation, followInbox, inboxCursorNow, inConversation, inInbox } from './follow.ts';

export const resolvers: Resolvers = {
  Query: {
    conversationEventsCursor: (_, { conversationId }, ctx) => conversationCursorNow(ctx, readId('cnv', conversationId)),
    inboxEventsCursor: (_, __, ctx) => inboxCursorNow(ctx),
  },
  Subscription: {
    conversationEvents: {
      subscribe: (_, { conversationId, after }, ctx) => followConversation(ctx, readId('cnv', conversationId), after ?? null) as never,
      resolve: (entry: unknown, _: unknown, ctx: Context) => inConversation(entry as ChangeEntry, ctx) as never,
    },
    inboxEvents: {
      subscribe: (_, { after }, ctx) => followInbox(ctx, after ?? null) as never,
      resolve: (entry: unknown, _: unknown, ctx: Context) => inInbox(entry as ChangeEntry, ctx) as never,
    },
  },
  ConversationEventUpdate: {
    event: ({ entry }) => entry,
    conversation: ({ entry }, _, ctx) => ctx.load(loaders).byId.load(entry.conversationId),
  },
};
