import { isRefusal, ok } from '@storegraph/core';
import { validate, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import { priorities, sortRefusal } from '../conversation.ts';
import { changeConversation, refusedBy } from '../move.ts';

const schema = z.object({ conversationId: z.string(), priority: z.enum(priorities) });

export function conversationPrioritySet(ctx: Context, given: unknown) {
  const checked = validate(schema, given);
  if (isRefusal(checked)) return checked;
  const { conversationId, priority } = checked.value;
  return changeConversation(ctx, conversationId, (_, conversation) => {
    const refusal = sortRefusal(conversation);
    if (refusal) return refusedBy(refusal);
    if (conversation.priority === priority) return ok({ changes: [] });
    return ok({ changes: [{ kind: 'PRIORITY_CHANGED', public: false }], set: { priority } });
  });
}
