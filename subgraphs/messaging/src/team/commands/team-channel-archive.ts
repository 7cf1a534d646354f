import { fail, ok } from '@storegraph/core';
import type { Context } from '@storegraph/subgraph';
import { changeChannel, directChannel } from '../channel.ts';

export const teamChannelArchive = (ctx: Context, input: { readonly channelId: string }) =>
  changeChannel(ctx, input.channelId, (channel, now) => {
    if (channel.visibility === 'DIRECT') return directChannel();
    if (channel.archivedAt) return fail('ALREADY_ARCHIVED', 'The channel is archived already.');
    return ok({ changes: [{ kind: 'ARCHIVED', public: false }], set: { archivedAt: now } });
  });
