import { ok } from '@storegraph/core';
import type { Context } from '@storegraph/subgraph';
import { moveRefusal } from '../conversation.ts';
import { changeConversation, refusedBy } from '../move.ts';
import { closed } from '../told.ts';

export const conversationClose = (ctx: Context, input: { readonly conversationId: string }) =>
  changeConversation(ctx, input.conversationId, (_, conversation, by, now) => {
    const refusal = moveRefusal(conversation, 'CLOSED');
    if (refusal) return refusedBy(refusal);
    return ok({
      changes: [{ kind: 'CLOSED', public: true, event: closed(conversation, by) }],
      set: { status: 'CLOSED', snoozedUntil: null, closedAt: now, closedByKind: by.kind, closedById: by.id, waitingSince: null },
    });
  });
