import { system } from '@storegraph/auth';
import { fail, isRefusal, newId, ok, type Id, type Result } from '@storegraph/core';
import { first, insertRows, own, owned, type Tx } from '@storegraph/database';
import { idOf, validate, type Context } from '@storegraph/subgraph';
import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { noSuchConversation, visible } from '../../conversation/access.ts';
import { conversations, participants } from '../../conversation/tables.ts';
import { newcomer } from '../join.ts';
import { isReader, readerOf, type ReaderKey } from '../reader.ts';

const schema = z.object({ conversationId: idOf('cnv'), upTo: z.int().min(0).nullish() });

/**
 * Moves the caller's mark on. The greatest number counts in whatever order they come, and none beyond the last one given out. It is no change of the
 * conversation: it waits for nobody, and the system writes it, as it is no deed to keep a record of.
 */
export async function conversationRead({ identity, as, clock }: Context, given: unknown) {
  const checked = validate(schema, given);
  if (isRefusal(checked)) return checked;
  const { conversationId, upTo = null } = checked.value;
  const reader = readerOf(identity);
  if (!reader) return fail('NOT_PERMITTED', 'An API key reads for nobody.');
  return as(system(identity.storeId)).db.write(async (tx): Promise<Result<{ id: Id<'cnv'> }, 'NOT_FOUND'>> => {
    const conversation = first(
      await tx
        .select({
          id: conversations.id,
          customerId: conversations.customerId,
          sequence: conversations.sequence,
          publicSequence: conversations.publicSequence,
        })
        .from(conversations)
        .where(own(tx, conversations, eq(conversations.id, conversationId), visible(identity))),
    );
    if (!conversation) return noSuchConversation();
    const last = reader.kind === 'CUSTOMER' ? conversation.publicSequence : conversation.sequence;
    await moveMark(tx, conversation, reader, Math.min(upTo ?? last, last), clock.now());
    return ok({ id: conversationId });
  });
}

async function moveMark(
  tx: Tx,
  { id: conversationId, customerId }: { readonly id: Id<'cnv'>; readonly customerId: Id<'cus'> | null },
  reader: ReaderKey,
  lastRead: number,
  at: Date,
): Promise<void> {
  const moved = await tx
    .update(participants)
    .set({ lastRead: sql`greatest(${participants.lastRead}, ${lastRead})`, lastReadAt: at })
    .where(own(tx, participants, isReader(reader), eq(participants.conversationId, conversationId)))
    .returning({ id: participants.id });
  if (moved.length > 0) return;
  // Somebody who only reads along; twice at once, the greater number stays.
  const row = owned(tx, { ...newcomer, active: false, id: newId('prt'), conversationId, customerId, ...reader, lastRead, lastReadAt: at });
  await insertRows(tx, participants, [row], {
    onConflict: sql`on conflict on constraint participants_person_key do update
      set last_read = greatest(participants.last_read, excluded.last_read), last_read_at = excluded.last_read_at, updated_at = now()`,
  });
}
