import { fail, isRefusal, newId, ok, type Id, type Result } from '@storegraph/core';
import { insertRows, own, owned, type Tx } from '@storegraph/database';
import type { Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { lockConversation, writerOf } from '../conversation/access.ts';
import { record } from '../conversation/change.ts';
import { refusalMessages, type ConversationEventKind } from '../conversation/conversation.ts';
import { personOf, type Person } from '../conversation/person.ts';
import { messageRevisions, messages, type MessageRow } from '../conversation/tables.ts';
import { messageOf } from './find.ts';

export type ChangeCode = 'NOT_FOUND' | 'MESSAGE_DELETED' | 'ALREADY_DELIVERED' | 'CHANNEL_ARCHIVED';

/**
 * Changes one message that the caller may know of, under its conversation's lock, and keeps what it said before. `decide` gives what it is to be, or
 * nothing where it is that already.
 */
export function changeMessage<Code extends string>(
  ctx: Context,
  id: Id<'msg'>,
  kind: ConversationEventKind,
  decide: (message: MessageRow, by: Person, now: Date) => Result<Partial<MessageRow> | null, Code>,
): Promise<Result<{ id: Id<'msg'> }, Code | ChangeCode>> {
  const { identity, clock } = ctx;
  return writerOf(ctx).db.write(async (tx): Promise<Result<{ id: Id<'msg'> }, Code | ChangeCode>> => {
    const named = await messageOf(tx, id);
    const conversation = named && (await lockConversation(tx, identity, named.conversationId));
    // Under the lock it stays as it is found now.
    const message = conversation && (await messageOf(tx, id));
    if (!message || (message.internal && identity.kind === 'CUSTOMER')) return fail('NOT_FOUND', 'No such message.', ['messageId']);
    if (conversation.archivedAt) return fail('CHANNEL_ARCHIVED', refusalMessages.CHANNEL_ARCHIVED);
    if (message.deletedAt) return fail('MESSAGE_DELETED', 'The message was taken back.');
    const [by, at] = [personOf(identity), clock.now()];
    const decided = decide(message, by, at);
    if (isRefusal(decided)) return decided;
    if (decided.value === null) return ok({ id });
    if (message.channel !== 'CHAT' && !message.internal) return fail('ALREADY_DELIVERED', 'It has left for the customer.');
    await keepRevision(tx, message, by, at);
    await tx
      .update(messages)
      .set(decided.value)
      .where(own(tx, messages, eq(messages.id, id)));
    await record(tx, conversation, { changes: [{ kind, public: !message.internal, messageId: id }], by, at });
    return ok({ id });
  });
}

const keepRevision = (tx: Tx, { id: messageId, customerId, content }: MessageRow, by: Person, at: Date) =>
  insertRows(tx, messageRevisions, [
    owned(tx, { id: newId('mrv'), messageId, customerId, content, actorKind: by.kind, actorId: by.id, createdAt: at }),
  ]);

export const notOwn = () => fail('NOT_OWN', 'Somebody else wrote it.');
