import { fail, isRefusal, newId, ok } from '@storegraph/core';
import { insertRow, once, owned } from '@storegraph/database';
import { idempotencyKey, idOf, validate, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import { lockConversation, noSuchConversation } from '../../conversation/access.ts';
import { refusalMessages, writeRefusal } from '../../conversation/conversation.ts';
import { personOf } from '../../conversation/person.ts';
import { content } from '../../message/input.ts';
import { scheduledMessages } from '../tables.ts';

const schema = z.object({ conversationId: idOf('cnv'), content, sendAt: z.date(), idempotencyKey });

const furthestMs = 366 * 24 * 60 * 60 * 1000;

/** Lets a message be sent at a moment in the future. */
export async function messageSchedule({ db, identity, clock }: Context, given: unknown) {
  const checked = validate(schema, given);
  if (isRefusal(checked)) return checked;
  const input = checked.value;
  return db.write((tx) =>
    once(tx, 'messageSchedule', input, async () => {
      const conversation = await lockConversation(tx, identity, input.conversationId);
      if (!conversation) return noSuchConversation();
      const refusal = writeRefusal(conversation);
      if (refusal) return fail(refusal, refusalMessages[refusal]);
      const ahead = input.sendAt.getTime() - clock.now().getTime();
      if (!(ahead > 0 && ahead <= furthestMs)) return fail('INVALID', 'Must be in the future, within a year.', ['sendAt']);
      const by = personOf(identity);
      const id = newId('smg');
      const { conversationId, sendAt } = input;
      const { customerId } = conversation;
      const row = {
        id,
        conversationId,
        customerId,
        content: input.content,
        sendAt,
        status: 'SCHEDULED' as const,
        actorKind: by.kind,
        actorId: by.id,
      };
      await insertRow(tx, scheduledMessages, owned(tx, row));
      return ok({ id });
    }),
  );
}
