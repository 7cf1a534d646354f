import { fail, isRefusal, ok } from '@storegraph/core';
import { validate, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import { moveRefusal } from '../conversation.ts';
import { changeConversation, refusedBy } from '../move.ts';

const schema = z.object({ conversationId: z.string(), until: z.date() });

const longestMs = 366 * 24 * 60 * 60 * 1000;

export function conversationSnooze(ctx: Context, given: unknown) {
  const checked = validate(schema, given);
  if (isRefusal(checked)) return checked;
  const { conversationId, until } = checked.value;
  return changeConversation(ctx, conversationId, (_, conversation, __, now) => {
    const ahead = until.getTime() - now.getTime();
    if (!(ahead > 0 && ahead <= longestMs)) return fail('INVALID', 'Must be in the future, within a year.', ['until']);
    const refusal = moveRefusal(conversation, 'SNOOZED');
    return refusal
      ? refusedBy(refusal)
      : ok({ changes: [{ kind: 'SNOOZED', public: false }], set: { status: 'SNOOZED', snoozedUntil: until } });
  });
}
