import { fail, isRefusal, ok, type Id, type Result } from '@storegraph/core';
import { constraintOf, first, own, type Tx } from '@storegraph/database';
import { idOf, validate, type Context } from '@storegraph/subgraph';
import { eq, or } from 'drizzle-orm';
import { z } from 'zod';
import { lockConversation, noSuchConversation, writerOf } from '../../conversation/access.ts';
import { refusalMessages, writeRefusal, type WriteRefusal } from '../../conversation/conversation.ts';
import { personOf, type Person } from '../../conversation/person.ts';
import { conversations, messages, type ConversationRow, type MessageRow } from '../../conversation/tables.ts';
import { activeMembers } from '../../participant/join.ts';
import { addMessage } from '../add.ts';
import { firstContent, sentAs } from '../find.ts';
import { clientId, content, mentions } from '../input.ts';

const schema = z.object({
  conversationId: idOf('cnv'),
  content,
  clientId,
  internal: z.boolean().nullish(),
  replyToId: idOf('msg').nullish(),
  mentionIds: mentions.nullish(),
});
type Input = z.output<typeof schema>;

/** Adds a message, once for each key of its sender. */
export async function messageSend(ctx: Context, given: unknown) {
  const checked = validate(schema, given);
  if (isRefusal(checked)) return checked;
  const input = checked.value;
  const { identity, clock } = ctx;
  if (identity.kind === 'CUSTOMER' && (input.internal === true || (input.mentionIds ?? []).length > 0))
    return fail('NOT_PERMITTED', 'Customers write no notes and mention nobody.', [input.internal === true ? 'internal' : 'mentionIds']);
  const { db } = writerOf(ctx);
  const attempt = () =>
    db.write(async (tx) => {
      const conversation = await lockToWrite(tx, identity, input.conversationId);
      if (conversation === 'MERGED_MEANWHILE') return conversation;
      return conversation ? send(tx, conversation, input, personOf(identity), clock.now()) : noSuchConversation();
    });
  for (;;) {
    const result = await attempt().catch((error: unknown) => {
      // The same key at the same moment in another conversation: it is found now.
      if (constraintOf(error) === 'messages_client_key') return attempt();
      throw error;
    });
    if (result !== 'MERGED_MEANWHILE') return result;
  }
}

/**
 * The conversation, locked; for a customer, who need not know of a merge, the one that goes on in its place. That is found first, and where it is merged in this
 * moment another transaction has to look again: two locked one after the other here, and in the order of their ids elsewhere, could wait for each other.
 */
async function lockToWrite(
  tx: Tx,
  identity: Context['identity'],
  id: Id<'cnv'>,
): Promise<ConversationRow | 'MERGED_MEANWHILE' | undefined> {
  if (identity.kind !== 'CUSTOMER') return lockConversation(tx, identity, id);
  const isTheirs = eq(conversations.customerId, identity.subjectId as Id<'cus'>);
  for (let at = id; ;) {
    const found = first(
      await tx
        .select({ mergedIntoId: conversations.mergedIntoId })
        .from(conversations)
        .where(own(tx, conversations, eq(conversations.id, at), isTheirs)),
    );
    if (!found) return undefined;
    if (found.mergedIntoId === null) {
      const locked = await lockConversation(tx, identity, at);
      return locked?.mergedIntoId ? 'MERGED_MEANWHILE' : locked;
    }
    at = found.mergedIntoId;
  }
}

type SendCode = 'NOT_FOUND' | 'INVALID' | 'CLIENT_ID_REUSED' | 'REPLY_TO_NOTE' | 'NOT_A_PARTICIPANT' | WriteRefusal;

async function send(
  tx: Tx,
  conversation: ConversationRow,
  input: Input,
  by: Person,
  at: Date,
): Promise<Result<{ id: Id<'msg'> }, SendCode>> {
  // Under the lock: the same message at the same time has been waited for.
  const before = await sentAs(tx, by, input.clientId);
  if (before) {
    return (await isSame(tx, before, conversation, input))
      ? ok({ id: before.id })
      : fail('CLIENT_ID_REUSED', 'You have sent another message with this clientId.', ['clientId']);
  }
  const refusal = writeRefusal(conversation);
  if (refusal && !(by.kind === 'CUSTOMER' && refusal === 'CONVERSATION_CLOSED')) return fail(refusal, refusalMessages[refusal]);
  const internal = input.internal ?? false;
  if (internal && conversation.type === 'TEAM')
    return fail('INVALID', "A team's channel has no notes: all of it is internal.", ['internal']);
  const problem =
    (await replyProblem(tx, conversation, input.replyToId ?? null, internal, by)) ??
    (await mentionProblem(tx, conversation, input.mentionIds ?? []));
  if (problem) return problem;
  const { id } = await addMessage(
    tx,
    conversation,
    {
      content: input.content,
      internal,
      replyToId: input.replyToId ?? null,
      mentions: input.mentionIds ?? [],
      clientId: input.clientId,
    },
    by,
    at,
  );
  return ok({ id });
}

/** Whether the message was made of this input, whatever has become of it since. */
async function isSame(tx: Tx, message: MessageRow, { id }: ConversationRow, input: Input): Promise<boolean> {
  return (
    (message.conversationId === input.conversationId || message.conversationId === id) &&
    message.internal === (input.internal ?? false) &&
    message.replyToId === (input.replyToId ?? null) &&
    (await firstContent(tx, message)) === input.content
  );
}

/** What is answered stands in the same conversation, or in one that has gone over into it. A note is not known to whoever reads the answer. */
async function replyProblem(tx: Tx, conversation: ConversationRow, replyToId: Id<'msg'> | null, internal: boolean, by: Person) {
  if (replyToId === null) return undefined;
  const target = first(
    await tx
      .select({ internal: messages.internal })
      .from(messages)
      .innerJoin(conversations, own(tx, conversations, eq(conversations.id, messages.conversationId)))
      .where(
        own(
          tx,
          messages,
          eq(messages.id, replyToId),
          or(eq(conversations.id, conversation.id), eq(conversations.mergedIntoId, conversation.id)),
        ),
      ),
  );
  if (!target || (target.internal && by.kind === 'CUSTOMER'))
    return fail('NOT_FOUND', 'The conversation has no such message.', ['replyToId']);
  return target.internal && !internal ? fail('REPLY_TO_NOTE', 'A note is answered by a note.', ['replyToId']) : undefined;
}

async function mentionProblem(tx: Tx, { readers }: ConversationRow, mentioned: readonly Id<'usr'>[]) {
  if (mentioned.length === 0) return undefined;
  const known = await activeMembers(tx, mentioned);
  const stranger = mentioned.findIndex((id) => !known.has(id));
  if (stranger >= 0) return fail('NOT_FOUND', 'The store has no such active member.', ['mentionIds', String(stranger)]);
  const outside = readers === null ? -1 : mentioned.findIndex((id) => !readers.includes(id));
  return outside >= 0
    ? fail('NOT_A_PARTICIPANT', "Whoever is mentioned must take part in a channel that is not everybody's.", [
        'mentionIds',
        String(outside),
      ])
    : undefined;
}
