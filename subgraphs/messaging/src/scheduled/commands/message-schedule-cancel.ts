import { fail, ok } from '@storegraph/core';
import { first, own } from '@storegraph/database';
import { readId, type Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { visible } from '../../conversation/access.ts';
import { conversations } from '../../conversation/tables.ts';
import { scheduledMessages } from '../tables.ts';

/** Keeps a message from being sent. One that is being sent at this moment is waited for, and can't be kept any more. */
export const messageScheduleCancel = ({ db, identity }: Context, input: { readonly scheduledMessageId: string }) =>
  db.write(async (tx) => {
    const isIt = own(tx, scheduledMessages, eq(scheduledMessages.id, readId('smg', input.scheduledMessageId)));
    const found = first(await tx.select().from(scheduledMessages).where(isIt).for('update'));
    const known =
      found &&
      (await tx
        .select({ id: conversations.id })
        .from(conversations)
        .where(own(tx, conversations, eq(conversations.id, found.conversationId), visible(identity))));
    if (!found || !known || known.length === 0) return fail('NOT_FOUND', 'No such scheduled message.', ['scheduledMessageId']);
    if (found.status !== 'SCHEDULED') return fail('NOT_SCHEDULED', 'It was sent, cancelled or given up before.');
    await tx.update(scheduledMessages).set({ status: 'CANCELLED' }).where(isIt);
    return ok({ id: found.id });
  });
