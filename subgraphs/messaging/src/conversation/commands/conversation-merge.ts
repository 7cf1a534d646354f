import { fail, isRefusal, ok, type Result } from '@storegraph/core';
import { idOf, validate, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import { noSuchConversation } from '../access.ts';
import { record, type Change } from '../change.ts';
import { sortRefusal, type SortRefusal } from '../conversation.ts';
import { refusedBy } from '../move.ts';
import { lockBoth } from '../pair.ts';
import { personOf } from '../person.ts';
import type { ConversationRow } from '../tables.ts';
import { closed } from '../told.ts';

const schema = z.object({ conversationId: idOf('cnv'), intoId: idOf('cnv') });

/** Lets a conversation go over into another of the same people. Gives the one that goes on. */
export async function conversationMerge({ db, identity, clock }: Context, given: unknown) {
  const checked = validate(schema, given);
  if (isRefusal(checked)) return checked;
  const { conversationId, intoId } = checked.value;
  if (conversationId === intoId) return fail('SAME_CONVERSATION', 'A conversation is not merged into itself.', ['intoId']);
  return db.write(async (tx) => {
    const [merged, survivor] = await lockBoth(tx, identity, conversationId, intoId);
    if (!merged) return noSuchConversation();
    if (!survivor) return noSuchConversation('intoId');
    const allowed = pairRefusal(merged, survivor);
    if (isRefusal(allowed)) return allowed;
    const [by, at] = [personOf(identity), clock.now()];
    const end: Change = { kind: 'MERGED', public: false };
    const close: Change = { kind: 'CLOSED', public: true, event: closed(merged, by, survivor.id) };
    await record(tx, merged, {
      // The customer is told that it ends; of one that had ended before there is nothing to tell.
      changes: merged.status === 'CLOSED' ? [end] : [close, end],
      set: {
        mergedIntoId: survivor.id,
        statusBeforeMerge: merged.status,
        waitingSince: null,
        ...(merged.status === 'CLOSED'
          ? {}
          : { status: 'CLOSED', snoozedUntil: null, closedAt: at, closedByKind: by.kind, closedById: by.id }),
      },
      by,
      at,
    });
    // Whoever waits in the one waits in the other now.
    const waiting = merged.waitingSince ? { waitingSince: survivor.waitingSince ?? merged.waitingSince } : {};
    await record(tx, survivor, { changes: [{ kind: 'MERGED', public: false }], set: waiting, by, at });
    return ok({ id: survivor.id });
  });
}

function pairRefusal(merged: ConversationRow, survivor: ConversationRow): Result<void, SortRefusal | 'DIFFERENT_PEOPLE'> {
  const [first, second] = [sortRefusal(merged), sortRefusal(survivor)];
  const refusal = first ?? second;
  if (refusal) return refusedBy(refusal);
  const alike =
    merged.type === survivor.type &&
    merged.customerId === survivor.customerId &&
    merged.channel === survivor.channel &&
    merged.channelAddress === survivor.channelAddress;
  return alike ? ok(undefined) : fail('DIFFERENT_PEOPLE', 'The two are not of the same type, customer and channel.', ['intoId']);
}
