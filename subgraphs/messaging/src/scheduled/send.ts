import { fromUuid, type Id, type StoreId } from '@storegraph/core';
import { first, own, type Tx } from '@storegraph/database';
import { and, eq, sql } from 'drizzle-orm';
import { lockConversation } from '../conversation/access.ts';
import { writeRefusal } from '../conversation/conversation.ts';
import type { ConversationRow } from '../conversation/tables.ts';
import { addMessage } from '../message/add.ts';
import { activeMembers } from '../participant/join.ts';
import { scheduledMessages, type ScheduledMessageRow } from './tables.ts';

export interface DueMessage {
  readonly storeId: StoreId;
  readonly id: Id<'smg'>;
  readonly conversationId: Id<'cnv'>;
}

const isDue = and(eq(scheduledMessages.status, sql`'SCHEDULED'`), sql`${scheduledMessages.sendAt} <= now()`);

/** Messages of all stores whose moment has come, by the database's clock, the longest overdue first: for `sweep`. */
export async function dueMessages(tx: Tx, limit: number): Promise<DueMessage[]> {
  const rows = await tx.execute<{ store: string; id: string; conversation: string }>(sql`
    select store_id::text as store, id::text as id, conversation_id::text as conversation from ${scheduledMessages}
    where ${isDue} order by ${scheduledMessages.sendAt}, ${scheduledMessages.id} limit ${limit}`);
  return rows.map((row) => ({
    storeId: fromUuid('sto', row.store),
    id: fromUuid('smg', row.id),
    conversationId: fromUuid('cnv', row.conversation),
  }));
}

/**
 * Sends a message whose moment has come, once: with the message its row is SENT, in one transaction. What can't be sent any more is given up, with the reason.
 * False when it is not due any more, or somebody has it in hand.
 */
export async function sendDue(tx: Tx, { id, conversationId }: DueMessage, now: Date): Promise<boolean> {
  // The conversation first, as every command has it.
  const conversation = await lockConversation(tx, tx.scope.identity, conversationId);
  const isIt = own(tx, scheduledMessages, eq(scheduledMessages.id, id));
  const due = first(
    await tx
      .select()
      .from(scheduledMessages)
      .where(own(tx, scheduledMessages, eq(scheduledMessages.id, id), isDue))
      .for('update', { skipLocked: true }),
  );
  if (!conversation || !due) return false;
  const failure = writeRefusal(conversation) ?? (await unsendable(tx, conversation, due));
  if (failure) {
    await tx.update(scheduledMessages).set({ status: 'FAILED', failure }).where(isIt);
    return true;
  }
  const { id: messageId } = await addMessage(tx, conversation, { content: due.content }, { kind: due.actorKind, id: due.actorId }, now);
  await tx.update(scheduledMessages).set({ status: 'SENT', messageId }).where(isIt);
  return true;
}

/** Nobody speaks for a store, or in a channel, that they have left, and what an erasure has taken is not sent. */
async function unsendable(
  tx: Tx,
  { readers }: Pick<ConversationRow, 'readers'>,
  { content, actorKind, actorId }: ScheduledMessageRow,
): Promise<string | undefined> {
  if (content === '') return 'ERASED';
  if (readers?.every((reader) => reader !== actorId)) return 'AUTHOR_GONE';
  const member = actorKind === 'STORE' && actorId?.startsWith('usr_') ? (actorId as Id<'usr'>) : undefined;
  return member && !(await activeMembers(tx, [member])).has(member) ? 'AUTHOR_GONE' : undefined;
}
