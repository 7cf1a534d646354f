import { fail, isRefusal, ok } from '@storegraph/core';
import { own } from '@storegraph/database';
import { idOf, validate, type Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { changeConversation } from '../../conversation/move.ts';
import { participants } from '../../conversation/tables.ts';
import { peopleRefusal } from '../people.ts';

const schema = z.object({ conversationId: z.string(), userId: idOf('usr') });

/** Somebody takes part no more; how far they had read stays. */
export function participantRemove(ctx: Context, given: unknown) {
  const checked = validate(schema, given);
  if (isRefusal(checked)) return checked;
  const { conversationId, userId } = checked.value;
  return changeConversation(ctx, conversationId, async (tx, conversation) => {
    const refusal = peopleRefusal(conversation);
    if (refusal) return refusal;
    const gone = await tx
      .update(participants)
      .set({ active: false })
      .where(
        own(
          tx,
          participants,
          eq(participants.conversationId, conversation.id),
          eq(participants.userId, userId),
          eq(participants.active, true),
        ),
      )
      .returning({ kind: participants.kind });
    if (gone.length === 0) return fail('NOT_FOUND', 'They do not take part.', ['userId']);
    const { readers } = conversation;
    return ok({
      changes: gone.map(({ kind }) => ({ kind: 'PARTICIPANT_REMOVED' as const, public: false, person: { kind, id: userId } })),
      ...(readers ? { set: { readers: readers.filter((reader) => reader !== userId) } } : {}),
    });
  });
}
