import { fail, ok } from '@storegraph/core';
import type { Context } from '@storegraph/subgraph';
import { changeChannel } from '../channel.ts';

export const teamChannelUnarchive = (ctx: Context, input: { readonly channelId: string }) =>
  changeChannel(ctx, input.channelId, ({ archivedAt }) =>
    archivedAt
      ? ok({ changes: [{ kind: 'UNARCHIVED', public: false }], set: { archivedAt: null } })
      : fail('NOT_ARCHIVED', 'The channel is not archived.'),
  );
