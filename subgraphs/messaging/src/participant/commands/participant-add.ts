import { fail, isRefusal, ok } from '@storegraph/core';
import { idOf, validate, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import { changeConversation } from '../../conversation/move.ts';
import { activeMembers, join } from '../join.ts';
import { peopleRefusal } from '../people.ts';

const schema = z.object({ conversationId: z.string(), userId: idOf('usr') });

export function participantAdd(ctx: Context, given: unknown) {
  const checked = validate(schema, given);
  if (isRefusal(checked)) return checked;
  const { conversationId, userId } = checked.value;
  return changeConversation(ctx, conversationId, async (tx, conversation) => {
    const refusal = peopleRefusal(conversation);
    if (refusal) return refusal;
    if (!(await activeMembers(tx, [userId])).has(userId)) return fail('NOT_FOUND', 'The store has no such active member.', ['userId']);
    const changes = await join(tx, conversation, [{ kind: 'STORE', userId }]);
    if (changes.length === 0) return fail('ALREADY_TAKES_PART', 'They take part already.', ['userId']);
    const { readers } = conversation;
    return ok({ changes, ...(readers ? { set: { readers: [...new Set([...readers, userId])] } } : {}) });
  });
}
