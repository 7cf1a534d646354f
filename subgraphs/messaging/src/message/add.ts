import { newId, type Id } from '@storegraph/core';
import { one, own, type Tx } from '@storegraph/database';
import { eq } from 'drizzle-orm';
import { record, type Change, type NewMessage } from '../conversation/change.ts';
import type { Move } from '../conversation/move.ts';
import type { Person } from '../conversation/person.ts';
import { backOpen } from '../conversation/reopen.ts';
import { messages, type ConversationRow, type MessageKind, type MessageRow } from '../conversation/tables.ts';
import { sent } from '../conversation/told.ts';
import { join, type Joining } from '../participant/join.ts';

/** What a message is made of, whoever sends it and by whatever way it came. */
export interface Composed {
  readonly content: string;
  readonly kind?: MessageKind;
  /** A note, which the customer never sees. */
  readonly internal?: boolean;
  readonly replyToId?: Id<'msg'> | null;
  readonly mentions?: readonly Id<'usr'>[];
  readonly clientId?: string | null;
  readonly provider?: { readonly id: string; readonly at: Date | null } | null;
  readonly origin?: { readonly domain: string; readonly id: string } | null;
}

/**
 * Adds a message to a locked conversation. What a customer writes brings a closed conversation, or one that waits, back; whoever writes, or is mentioned,
 * takes part from then on. Whether it may be written here is for the caller to have found out.
 */
export async function addMessage(tx: Tx, conversation: ConversationRow, composed: Composed, by: Person, at: Date): Promise<MessageRow> {
  const message = rowOf(conversation, composed, by, at);
  const back = comeBack(conversation, by);
  const changes: Change[] = [
    ...(await join(tx, conversation, joining(by, composed))),
    ...back.changes,
    { kind: 'MESSAGE_ADDED', public: !message.internal, message, event: sent(conversation, message, by) },
  ];
  await record(tx, conversation, { changes, set: { ...back.set, ...answered(conversation, message, by, at) }, by, at });
  return one(
    await tx
      .select()
      .from(messages)
      .where(own(tx, messages, eq(messages.id, message.id))),
  );
}

const rowOf = ({ channel }: ConversationRow, composed: Composed, by: Person, at: Date): NewMessage => ({
  id: newId('msg'),
  actorKind: by.kind,
  actorId: by.id,
  kind: composed.kind ?? 'TEXT',
  direction: by.kind === 'CUSTOMER' ? 'INBOUND' : 'OUTBOUND',
  channel,
  content: composed.content,
  internal: composed.internal ?? false,
  replyToId: composed.replyToId ?? null,
  mentions: [...new Set(composed.mentions)],
  clientId: composed.clientId ?? null,
  providerId: composed.provider?.id ?? null,
  providerAt: composed.provider?.at ?? null,
  originDomain: composed.origin?.domain ?? null,
  originId: composed.origin?.id ?? null,
  editedAt: null,
  deletedAt: null,
  deletedByKind: null,
  deletedById: null,
  createdAt: at,
});

const isUser = (id: Id | null): id is Id<'usr'> => id?.startsWith('usr_') ?? false;

function joining(by: Person, { mentions = [] }: Composed): Joining[] {
  const mentioned = mentions.map((userId) => ({ kind: 'STORE' as const, userId }));
  return (by.kind === 'STORE' || by.kind === 'ADMIN') && isUser(by.id) ? [{ kind: by.kind, userId: by.id }, ...mentioned] : mentioned;
}

/** What a customer's message does to a conversation that is not open. */
const comeBack = (conversation: ConversationRow, by: Person): Move =>
  by.kind === 'CUSTOMER' && conversation.status !== 'OPEN' ? backOpen(conversation, by) : { changes: [] };

/** Since when the customer waits, and since when not any more. */
function answered(conversation: ConversationRow, { internal, providerAt }: NewMessage, by: Person, at: Date): Partial<ConversationRow> {
  if (conversation.customerId === null || internal) return {};
  if (by.kind === 'CUSTOMER') return { lastCustomerMessageAt: providerAt ?? at, waitingSince: conversation.waitingSince ?? at };
  return { waitingSince: null, firstReplyAt: conversation.firstReplyAt ?? at };
}
