import { insertion, one, own, owned, unawaited, type Tx } from '@storegraph/database';
import { emit, type DraftEvent } from '@storegraph/events';
import type { Id } from '@storegraph/core';
import { eq } from 'drizzle-orm';
import type { ConversationEventKind } from './conversation.ts';
import type { Person } from './person.ts';
import { conversationEvents, conversations, messages, type ConversationRow, type MessageRow } from './tables.ts';

/** A message that has not been numbered. */
export type NewMessage = Omit<MessageRow, 'storeId' | 'conversationId' | 'customerId' | 'sequence' | 'publicSequence'>;

/** A durable change of a conversation: it takes the next number. */
export interface Change {
  readonly kind: ConversationEventKind;
  /** Whether the customer may know of it: then it takes the customer's next number as well. */
  readonly public: boolean;
  /** The message that it adds. */
  readonly message?: NewMessage;
  /** The message that it is about, where it adds none. */
  readonly messageId?: Id<'msg'>;
  /** Who was assigned, added or removed. */
  readonly person?: Person;
  /** What others are told. */
  readonly event?: (numbers: Numbers) => DraftEvent;
}

export interface Numbers {
  readonly sequence: number;
  readonly publicSequence: number | null;
}

export interface Record {
  readonly changes: readonly Change[];
  /** What changes of the conversation's row. */
  readonly set?: Partial<Omit<ConversationRow, 'id' | 'storeId' | 'sequence' | 'publicSequence'>>;
  readonly by: Person;
  readonly at: Date;
}

/** The numbers that the changes of a conversation take, in their order. */
export function numbered(
  { sequence, publicSequence }: Pick<ConversationRow, 'sequence' | 'publicSequence'>,
  changes: readonly Pick<Change, 'public'>[],
): Numbers[] {
  let shown = publicSequence;
  return changes.map((change, index) => ({ sequence: sequence + index + 1, publicSequence: change.public ? (shown += 1) : null }));
}

/**
 * Changes a conversation that has been locked, and tells what changed: in its row, its numbered events and the event log. Gives the conversation as it
 * now is. Whoever has a number can be sure that all below it have been committed.
 */
export async function record(tx: Tx, conversation: ConversationRow, { changes, set = {}, by, at }: Record): Promise<ConversationRow> {
  if (changes.length === 0) return conversation;
  const numbers = numbered(conversation, changes);
  const parts = changes.flatMap((change, index) => {
    const given = numbers[index];
    return given ? [{ change, given }] : [];
  });
  const { id: conversationId, customerId } = conversation;
  const added = parts.flatMap(({ change: { message }, given }) =>
    message ? [owned(tx, { ...message, ...given, conversationId, customerId })] : [],
  );
  if (added.length > 0) unawaited(tx, tx.execute(insertion(messages, added)));
  const rows = parts.map(({ change, given }) =>
    owned(tx, {
      ...given,
      conversationId,
      customerId,
      kind: change.kind,
      messageId: change.message?.id ?? change.messageId ?? null,
      personKind: change.person?.kind ?? null,
      personId: change.person?.id ?? null,
      actorKind: by.kind,
      actorId: by.id,
      createdAt: at,
    }),
  );
  unawaited(tx, tx.execute(insertion(conversationEvents, rows)));
  const shown = numbers.filter(({ publicSequence }) => publicSequence !== null).length;
  const changed = one(
    await tx
      .update(conversations)
      .set({
        ...counted(conversation, added, at),
        ...set,
        sequence: conversation.sequence + changes.length,
        publicSequence: conversation.publicSequence + shown,
        updatedAt: at,
        ...(shown > 0 ? { publicUpdatedAt: at } : {}),
      })
      .where(own(tx, conversations, eq(conversations.id, conversationId)))
      .returning(),
  );
  const events = parts.flatMap(({ change, given }) => (change.event ? [{ ...change.event(given), occurredAt: at }] : []));
  await emit(tx, ...events);
  return changed;
}

/** What messages that are added change of their conversation's row. */
function counted(conversation: ConversationRow, added: readonly Pick<MessageRow, 'internal'>[], at: Date): Partial<ConversationRow> {
  if (added.length === 0) return {};
  const shown = added.filter(({ internal }) => !internal).length;
  return {
    messageCount: conversation.messageCount + added.length,
    publicMessageCount: conversation.publicMessageCount + shown,
    lastMessageAt: at,
    ...(shown > 0 ? { lastPublicMessageAt: at } : {}),
  };
}
