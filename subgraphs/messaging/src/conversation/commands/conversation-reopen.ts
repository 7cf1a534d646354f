import { ok } from '@storegraph/core';
import type { Context } from '@storegraph/subgraph';
import { moveRefusal } from '../conversation.ts';
import { changeConversation, refusedBy } from '../move.ts';
import { backOpen } from '../reopen.ts';

export const conversationReopen = (ctx: Context, input: { readonly conversationId: string }) =>
  changeConversation(ctx, input.conversationId, (_, conversation, by) => {
    const refusal = moveRefusal(conversation, 'OPEN');
    return refusal ? refusedBy(refusal) : ok(backOpen(conversation, by));
  });
