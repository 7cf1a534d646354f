import { ok } from '@storegraph/core';
import type { Context } from '@storegraph/subgraph';
import { moveRefusal } from '../conversation.ts';
import { changeConversation, refusedBy } from '../move.ts';

export const conversationPend = (ctx: Context, input: { readonly conversationId: string }) =>
  changeConversation(ctx, input.conversationId, (_, conversation) => {
    const refusal = moveRefusal(conversation, 'PENDING');
    return refusal
      ? refusedBy(refusal)
      : ok({ changes: [{ kind: 'PENDED', public: false }], set: { status: 'PENDING', snoozedUntil: null } });
  });
