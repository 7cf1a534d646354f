import { ok, type Id } from '@storegraph/core';
import { first, own, type Tx } from '@storegraph/database';
import { readId, type Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { noSuchConversation } from '../access.ts';
import { record } from '../change.ts';
import { unmergeRefusal } from '../conversation.ts';
import { refusedBy } from '../move.ts';
import { lockBoth } from '../pair.ts';
import { personOf } from '../person.ts';
import { backOpen } from '../reopen.ts';
import { conversations } from '../tables.ts';

/** Takes a merge back. What was written into the other conversation meanwhile stays there. */
export function conversationUnmerge({ db, identity, clock }: Context, input: { readonly conversationId: string }) {
  const id = readId('cnv', input.conversationId);
  return db.write(async (tx) => {
    const into = await mergedInto(tx, id);
    if (into === undefined) return noSuchConversation();
    const [merged, survivor] = await lockBoth(tx, identity, id, into ?? id);
    if (!merged) return noSuchConversation();
    // Another merge may have come in between: then the locked one is not the other's any more.
    const refusal = unmergeRefusal(merged);
    if (refusal) return refusedBy(refusal);
    if (survivor?.id !== merged.mergedIntoId) return refusedBy('NOT_MERGED');
    const [by, at] = [personOf(identity), clock.now()];
    const back = merged.statusBeforeMerge === 'CLOSED' ? undefined : backOpen(merged, by);
    await record(tx, merged, {
      changes: [{ kind: 'UNMERGED', public: false }, ...(back?.changes ?? [])],
      set: { ...back?.set, mergedIntoId: null, statusBeforeMerge: null },
      by,
      at,
    });
    await record(tx, survivor, { changes: [{ kind: 'UNMERGED', public: false }], by, at });
    return ok({ id });
  });
}

async function mergedInto(tx: Tx, id: Id<'cnv'>): Promise<Id<'cnv'> | null | undefined> {
  const found = first(
    await tx
      .select({ mergedIntoId: conversations.mergedIntoId })
      .from(conversations)
      .where(own(tx, conversations, eq(conversations.id, id))),
  );
  return found ? found.mergedIntoId : undefined;
}
