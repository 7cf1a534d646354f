import { fail, isRefusal, ok } from '@storegraph/core';
import { constraintOf } from '@storegraph/database';
import { validate, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import type { Change } from '../../conversation/change.ts';
import { refusalMessages } from '../../conversation/conversation.ts';
import { changeChannel, directChannel } from '../channel.ts';
import { description, name, slug } from '../input.ts';
import { slugTaken } from './team-channel-create.ts';

const schema = z.object({ channelId: z.string(), name: name.optional(), slug: slug.optional(), description: description.nullish() });

export async function teamChannelUpdate(ctx: Context, given: unknown) {
  const checked = validate(schema, given);
  if (isRefusal(checked)) return checked;
  const { channelId, ...wanted } = checked.value;
  try {
    return await changeChannel(ctx, channelId, (channel) => {
      if (channel.visibility === 'DIRECT') return directChannel();
      if (channel.archivedAt) return fail('CHANNEL_ARCHIVED', refusalMessages.CHANNEL_ARCHIVED);
      const { name: subject = channel.subject, slug: short = channel.slug, description: about = channel.description } = wanted;
      const renamed: Change[] = subject === channel.subject && short === channel.slug ? [] : [{ kind: 'SUBJECT_CHANGED', public: false }];
      const described: Change[] = about === channel.description ? [] : [{ kind: 'DESCRIPTION_CHANGED', public: false }];
      return ok({ changes: [...renamed, ...described], set: { subject, slug: short, description: about } });
    });
  } catch (error) {
    if (constraintOf(error) === 'conversations_slug_key') return slugTaken();
    throw error;
  }
}
