import { system } from '@storegraph/auth';
import { fail, isRefusal, newId, ok } from '@storegraph/core';
import { first, insertRow, one, own, owned } from '@storegraph/database';
import { idOf, validate, type Context } from '@storegraph/subgraph';
import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { noSuchConversation, visible } from '../../conversation/access.ts';
import { conversations, participants } from '../../conversation/tables.ts';
import { newcomer } from '../join.ts';
import { isReader, readerOf } from '../reader.ts';

const schema = z.object({ conversationId: idOf('cnv'), muted: z.boolean().nullish(), emailNotifications: z.boolean().nullish() });

/** Sets how the caller is told of what is new. Only theirs to know, so that it is no change of the conversation. */
export async function participantMute({ identity, as }: Context, given: unknown) {
  const checked = validate(schema, given);
  if (isRefusal(checked)) return checked;
  const { conversationId, muted, emailNotifications } = checked.value;
  const reader = readerOf(identity);
  if (!reader) return fail('NOT_PERMITTED', 'An API key takes part in nothing.');
  const set = { ...(typeof muted === 'boolean' && { muted }), ...(typeof emailNotifications === 'boolean' && { emailNotifications }) };
  if (Object.keys(set).length === 0) return fail('REQUIRED', 'Say what is to be set.', ['muted']);
  return as(system(identity.storeId)).db.write(async (tx) => {
    const conversation = first(
      await tx
        .select({ customerId: conversations.customerId })
        .from(conversations)
        .where(own(tx, conversations, eq(conversations.id, conversationId), visible(identity))),
    );
    if (!conversation) return noSuchConversation();
    const fresh = owned(tx, { ...newcomer, active: false, id: newId('prt'), conversationId, ...conversation, ...reader });
    await insertRow(tx, participants, fresh, { onConflict: sql`on conflict on constraint participants_person_key do nothing` });
    const theirs = own(tx, participants, isReader(reader), eq(participants.conversationId, conversationId));
    return ok(one(await tx.update(participants).set(set).where(theirs).returning()));
  });
}
