import { isRefusal, ok } from '@storegraph/core';
import { text, validate, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import { sortRefusal } from '../conversation.ts';
import { changeConversation, refusedBy } from '../move.ts';

const schema = z.object({ conversationId: z.string(), subject: text(200).nullish() });

/** The customer is shown the subject, and so is told of another. */
export function conversationSubjectSet(ctx: Context, given: unknown) {
  const checked = validate(schema, given);
  if (isRefusal(checked)) return checked;
  const { conversationId, subject = null } = checked.value;
  return changeConversation(ctx, conversationId, (_, conversation) => {
    const refusal = sortRefusal(conversation);
    if (refusal) return refusedBy(refusal);
    return ok(
      conversation.subject === subject ? { changes: [] } : { changes: [{ kind: 'SUBJECT_CHANGED', public: true }], set: { subject } },
    );
  });
}
