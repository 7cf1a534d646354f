import { isRefusal, ok, type Id, type Result } from '@storegraph/core';
import { payload, type Context } from '@storegraph/subgraph';
import { loaders } from '../conversation/loaders.ts';
import { present } from '../conversation/present.ts';
import type { Resolvers } from '../generated/graphql.ts';
import { messageLoaders } from '../message/queries.ts';
import { messageScheduleCancel } from './commands/message-schedule-cancel.ts';
import { messageSchedule } from './commands/message-schedule.ts';
import { scheduledById, scheduledLoaders } from './loaders.ts';

const reloaded = async <Code extends string>(ctx: Context, result: Result<{ readonly id: Id<'smg'> }, Code>) =>
  isRefusal(result) ? result : ok(present(await scheduledById(ctx, result.value.id)));

export const resolvers: Resolvers = {
  Mutation: {
    messageSchedule: async (_, { input }, ctx) => payload('scheduledMessage', await reloaded(ctx, await messageSchedule(ctx, input))),
    messageScheduleCancel: async (_, { input }, ctx) =>
      payload('scheduledMessage', await reloaded(ctx, await messageScheduleCancel(ctx, input))),
  },
  Conversation: { scheduledMessages: ({ id }, _, ctx) => ctx.load(scheduledLoaders).waiting.load(id) },
  ScheduledMessage: {
    conversation: async ({ conversationId }, _, ctx) => present(await ctx.load(loaders).byId.load(conversationId)),
    message: ({ messageId }, _, ctx) => (messageId ? ctx.load(messageLoaders).byId.load(messageId) : null),
    actor: ({ actorKind: kind, actorId: id }) => ({ kind, id }),
  },
};
