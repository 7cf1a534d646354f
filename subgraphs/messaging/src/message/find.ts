import type { Id } from '@storegraph/core';
import { first, own, type Tx } from '@storegraph/database';
import { and, asc, eq, isNull } from 'drizzle-orm';
import type { Person } from '../conversation/person.ts';
import { messageRevisions, messages, type MessageRow } from '../conversation/tables.ts';

/** The message that somebody has sent under a key of theirs, if any. */
export async function sentAs(tx: Tx, by: Person, clientId: string): Promise<MessageRow | undefined> {
  const theirs = and(
    eq(messages.actorKind, by.kind),
    by.id === null ? isNull(messages.actorId) : eq(messages.actorId, by.id),
    eq(messages.clientId, clientId),
  );
  return first(
    await tx
      .select()
      .from(messages)
      .where(own(tx, messages, theirs)),
  );
}

/** What a message said when it was sent. */
export async function firstContent(tx: Tx, { id, content }: Pick<MessageRow, 'id' | 'content'>): Promise<string> {
  const oldest = await tx
    .select({ content: messageRevisions.content })
    .from(messageRevisions)
    .where(own(tx, messageRevisions, eq(messageRevisions.messageId, id)))
    .orderBy(asc(messageRevisions.id))
    .limit(1);
  return first(oldest)?.content ?? content;
}

export async function messageOf(tx: Tx, id: Id<'msg'>): Promise<MessageRow | undefined> {
  return first(
    await tx
      .select()
      .from(messages)
      .where(own(tx, messages, eq(messages.id, id))),
  );
}

export const writerOfMessage = ({ actorKind: kind, actorId: id }: Pick<MessageRow, 'actorKind' | 'actorId'>): Person => ({ kind, id });
