import { payload, readId } from '@storegraph/subgraph';
import type { Resolvers } from '../generated/graphql.ts';
import { messageLoaders } from '../message/queries.ts';
import { unreadLoaders } from '../participant/unread.ts';
import { conversationAssign } from './commands/conversation-assign.ts';
import { conversationClose } from './commands/conversation-close.ts';
import { conversationLabelsSet } from './commands/conversation-labels-set.ts';
import { conversationMerge } from './commands/conversation-merge.ts';
import { conversationPend } from './commands/conversation-pend.ts';
import { conversationPrioritySet } from './commands/conversation-priority-set.ts';
import { conversationReopen } from './commands/conversation-reopen.ts';
import { conversationSnooze } from './commands/conversation-snooze.ts';
import { conversationStart } from './commands/conversation-start.ts';
import { conversationSubjectSet } from './commands/conversation-subject-set.ts';
import { conversationUnmerge } from './commands/conversation-unmerge.ts';
import { conversationTransitions, publicStatus } from './conversation.ts';
import { inboxCounts } from './counts.ts';
import { loaders } from './loaders.ts';
import { conversationPage, customerLoaders } from './queries.ts';
import { reloaded } from './reloaded.ts';
import { shownCounts, shownPerson } from './shown.ts';

export const resolvers: Resolvers = {
  Query: {
    conversation: (_, { id }, ctx) => ctx.load(loaders).byId.load(readId('cnv', id)),
    conversations: (_, args, ctx) => conversationPage(ctx, args),
    inboxCounts: (_, __, ctx) => inboxCounts(ctx),
  },
  Mutation: {
    conversationStart: async (_, { input }, ctx) => payload('conversation', await reloaded(ctx, await conversationStart(ctx, input))),
    conversationAssign: async (_, { input }, ctx) => payload('conversation', await reloaded(ctx, await conversationAssign(ctx, input))),
    conversationSnooze: async (_, { input }, ctx) => payload('conversation', await reloaded(ctx, await conversationSnooze(ctx, input))),
    conversationPend: async (_, { input }, ctx) => payload('conversation', await reloaded(ctx, await conversationPend(ctx, input))),
    conversationClose: async (_, { input }, ctx) => payload('conversation', await reloaded(ctx, await conversationClose(ctx, input))),
    conversationReopen: async (_, { input }, ctx) => payload('conversation', await reloaded(ctx, await conversationReopen(ctx, input))),
    conversationPrioritySet: async (_, { input }, ctx) =>
      payload('conversation', await reloaded(ctx, await conversationPrioritySet(ctx, input))),
    conversationLabelsSet: async (_, { input }, ctx) =>
      payload('conversation', await reloaded(ctx, await conversationLabelsSet(ctx, input))),
    conversationSubjectSet: async (_, { input }, ctx) =>
      payload('conversation', await reloaded(ctx, await conversationSubjectSet(ctx, input))),
    conversationMerge: async (_, { input }, ctx) => payload('conversation', await reloaded(ctx, await conversationMerge(ctx, input))),
    conversationUnmerge: async (_, { input }, ctx) => payload('conversation', await reloaded(ctx, await conversationUnmerge(ctx, input))),
  },
  Conversation: {
    __resolveReference: ({ id }, ctx) => ctx.load(loaders).byId.load(readId('cnv', id)),
    status: ({ status }, _, { identity }) => (identity.kind === 'CUSTOMER' ? publicStatus(status) : status),
    availableTransitions: (conversation) => conversationTransitions(conversation),
    customer: ({ customerId }) => (customerId ? { id: customerId } : null),
    labels: ({ id }, _, ctx) => ctx.load(loaders).labels.load(id),
    assignee: ({ assigneeId }) => (assigneeId ? { id: assigneeId } : null),
    closedBy: ({ closedByKind: kind, closedById: id }) => (kind ? { kind, id } : null),
    startedBy: ({ createdByKind: kind, createdById: id }, _, ctx) => shownPerson({ kind, id }, ctx),
    sequence: (conversation, _, ctx) => shownCounts(conversation, ctx).sequence,
    messageCount: (conversation, _, ctx) => shownCounts(conversation, ctx).messageCount,
    lastMessageAt: (conversation, _, ctx) => shownCounts(conversation, ctx).lastMessageAt,
    updatedAt: (conversation, _, ctx) => shownCounts(conversation, ctx).updatedAt,
    unreadCount: ({ id }, _, ctx) => ctx.load(unreadLoaders).byConversation.load(id),
    mergedInto: ({ mergedIntoId }, _, ctx) => (mergedIntoId ? ctx.load(loaders).byId.load(mergedIntoId) : null),
    mergedConversations: ({ id }, _, ctx) => ctx.load(loaders).mergedInto.load(id),
  },
  ConversationEvent: {
    sequence: ({ sequence, publicSequence }, _, { identity }) => (identity.kind === 'CUSTOMER' ? (publicSequence ?? 0) : sequence),
    message: ({ messageId }, _, ctx) => (messageId ? ctx.load(messageLoaders).byId.load(messageId) : null),
    actor: ({ actorKind: kind, actorId: id }, _, ctx) => shownPerson({ kind, id }, ctx),
    person: ({ personKind: kind, personId: id }, _, { identity }) => (kind && identity.kind !== 'CUSTOMER' ? { kind, id } : null),
    at: ({ createdAt }) => createdAt,
  },
  Customer: {
    // Whose customer it is need not be asked: the rows that the caller may see decide what is shown.
    __resolveReference: ({ id }) => ({ id: readId('cus', id) }),
    conversations: (customer, page, ctx) => ctx.load(customerLoaders).page(customer.id, page),
    unreadCount: (customer, _, ctx) => ctx.load(unreadLoaders).byCustomer.load(customer.id),
  },
};
