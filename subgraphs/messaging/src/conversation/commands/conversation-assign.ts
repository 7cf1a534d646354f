import { fail, isRefusal, ok } from '@storegraph/core';
import { idOf, validate, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import { activeMembers, join } from '../../participant/join.ts';
import type { Change } from '../change.ts';
import { sortRefusal } from '../conversation.ts';
import { changeConversation, refusedBy } from '../move.ts';
import { assigned } from '../told.ts';

const schema = z.object({ conversationId: z.string(), assigneeId: idOf('usr').nullish(), expectedVersion: z.int().min(0).nullish() });

export function conversationAssign(ctx: Context, given: unknown) {
  const checked = validate(schema, given);
  if (isRefusal(checked)) return checked;
  const { conversationId, assigneeId = null, expectedVersion = null } = checked.value;
  return changeConversation(ctx, conversationId, async (tx, conversation, by) => {
    const refusal = sortRefusal(conversation);
    if (refusal) return refusedBy(refusal);
    if (expectedVersion !== null && expectedVersion !== conversation.assignmentVersion)
      return fail('VERSION_MISMATCH', 'Somebody else has changed the owner meanwhile.', ['expectedVersion']);
    if (conversation.assigneeId === assigneeId) return ok({ changes: [] });
    if (assigneeId && !(await activeMembers(tx, [assigneeId])).has(assigneeId))
      return fail('NOT_FOUND', 'The store has no such active member.', ['assigneeId']);
    const assignmentVersion = conversation.assignmentVersion + 1;
    const event = assigned(conversation, assigneeId, assignmentVersion, by);
    const change: Change = assigneeId
      ? { kind: 'ASSIGNED', public: false, person: { kind: 'STORE', id: assigneeId }, event }
      : { kind: 'UNASSIGNED', public: false, event };
    const joined = assigneeId ? await join(tx, conversation, [{ kind: 'STORE', userId: assigneeId }]) : [];
    return ok({ changes: [...joined, change], set: { assigneeId, assignmentVersion } });
  });
}
