import { fail, isRefusal, type Id, type Result } from '@storegraph/core';
import type { Context } from '@storegraph/subgraph';
import { changeConversation, type Move } from '../conversation/move.ts';
import type { ConversationRow } from '../conversation/tables.ts';

/** Changes one channel of the team that the caller may know of. What is no channel is not found. */
export async function changeChannel<Code extends string>(
  ctx: Context,
  id: string,
  decide: (channel: ConversationRow, now: Date) => Result<Move, Code>,
): Promise<Result<{ id: Id<'cnv'> }, Code | 'NOT_FOUND'>> {
  const result = await changeConversation<Code | 'NOT_FOUND'>(ctx, id, (_, channel, __, now) =>
    channel.type === 'TEAM' ? decide(channel, now) : noSuchChannel(),
  );
  return isRefusal(result) && result.problems.some(({ code }) => code === 'NOT_FOUND') ? noSuchChannel() : result;
}

const noSuchChannel = () => fail('NOT_FOUND', 'No such channel.', ['channelId']);

export const directChannel = () => fail('DIRECT_CHANNEL', 'A direct channel is named by its people, and stays.');
