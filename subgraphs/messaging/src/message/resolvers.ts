import { isRefusal, ok, type Id, type Result } from '@storegraph/core';
import { payload, readId, type Context } from '@storegraph/subgraph';
import { loaders } from '../conversation/loaders.ts';
import { isOwn, personOf } from '../conversation/person.ts';
import { present } from '../conversation/present.ts';
import { shownPerson } from '../conversation/shown.ts';
import type { MessageRow } from '../conversation/tables.ts';
import type { Resolvers } from '../generated/graphql.ts';
import { messageDelete } from './commands/message-delete.ts';
import { messageEdit } from './commands/message-edit.ts';
import { messageSend } from './commands/message-send.ts';
import { writerOfMessage } from './find.ts';
import { messageLoaders, searchMessages } from './queries.ts';

/** The message that a command names, as it then is. */
async function reloaded<Code extends string>(
  ctx: Context,
  result: Result<{ readonly id: Id<'msg'> }, Code>,
): Promise<Result<MessageRow, Code>> {
  return isRefusal(result) ? result : ok(present(await ctx.load(messageLoaders).byId.load(result.value.id)));
}

export const resolvers: Resolvers = {
  Query: {
    message: (_, { id }, ctx) => ctx.load(messageLoaders).byId.load(readId('msg', id)),
    messageSearch: (_, args, ctx) => searchMessages(ctx, args),
  },
  Mutation: {
    messageSend: async (_, { input }, ctx) => payload('message', await reloaded(ctx, await messageSend(ctx, input))),
    messageEdit: async (_, { input }, ctx) => payload('message', await reloaded(ctx, await messageEdit(ctx, input))),
    messageDelete: async (_, { input }, ctx) => payload('message', await reloaded(ctx, await messageDelete(ctx, input))),
  },
  Conversation: { messages: ({ id }, page, ctx) => ctx.load(messageLoaders).page(id, page) },
  Message: {
    __resolveReference: ({ id }, ctx) => ctx.load(messageLoaders).byId.load(readId('msg', id)),
    conversation: async ({ conversationId }, _, ctx) => present(await ctx.load(loaders).byId.load(conversationId)),
    sequence: ({ sequence, publicSequence }, _, { identity }) => (identity.kind === 'CUSTOMER' ? (publicSequence ?? 0) : sequence),
    actor: (message, _, ctx) => shownPerson(writerOfMessage(message), ctx),
    replyTo: ({ replyToId }, _, ctx) => (replyToId ? ctx.load(messageLoaders).byId.load(replyToId) : null),
    mentions: ({ mentions }) => mentions.map((id) => ({ id })),
    clientId: (message, _, { identity }) => (isOwn(personOf(identity), writerOfMessage(message)) ? message.clientId : null),
    sentAt: ({ providerAt, createdAt }) => providerAt ?? createdAt,
    revisions: ({ id }, _, ctx) => ctx.load(messageLoaders).revisions.load(id),
  },
  MessageRevision: { actor: ({ actorKind: kind, actorId: id }) => ({ kind, id }) },
};
