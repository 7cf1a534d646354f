import { system, type Identity } from '@storegraph/auth';
import type { Id, StoreId } from '@storegraph/core';
import { first, own } from '@storegraph/database';
import { feedEnd, perRead, PublicError, readFeedCursor, wholeFeed, writeFeedCursor, type Context } from '@storegraph/subgraph';
import { and, eq } from 'drizzle-orm';
import { visible } from '../conversation/access.ts';
import { conversations } from '../conversation/tables.ts';
import { head, isShown, replayConversation, replayInbox, type ChangeEntry } from './feed.ts';
import { changesHub } from './hub.ts';

type Entries = AsyncIterableIterator<ChangeEntry, void>;

/** A change on its way to a follower. */
export interface LiveChange {
  readonly entry: ChangeEntry;
  readonly cursor: string;
}

const inboxFeedOf = (storeId: StoreId) => `messaging|inbox|${storeId}`;
const conversationFeedOf = (storeId: StoreId, id: Id<'cnv'>) => `messaging|conversation|${storeId}|${id}`;

/** The changes of all conversations of the caller's store that it may read. Throws BAD_REQUEST for a cursor of another feed. */
export function followInbox(ctx: Context, after: string | null): Entries {
  const { identity, storeId } = inStore(ctx);
  return ctx.hub(changesHub).follow({
    ...wholeFeed<ChangeEntry>(after === null ? null : readFeedCursor(ctx.services.sealer, inboxFeedOf(storeId), after)),
    identity,
    storeId,
    replay: replayInbox(identity),
    isShown: (entry) => isShown(entry, identity),
  });
}

/** The changes of one conversation. Throws NOT_FOUND where the caller may not read it. */
export async function followConversation(ctx: Context, id: Id<'cnv'>, after: string | null): Promise<Entries> {
  const { identity, storeId } = inStore(ctx);
  const sequence = await sequenceOf(ctx, id);
  if (sequence === undefined) throw new PublicError('NOT_FOUND', 'No such conversation.');
  const place = after === null ? null : readFeedCursor(ctx.services.sealer, conversationFeedOf(storeId, id), after);
  return ctx.hub(changesHub).follow({
    identity,
    storeId,
    after: place,
    covered: 0n,
    placeOf: (entry) => BigInt(entry.sequence),
    replay: replayConversation(identity, id),
    isShown: (entry) => entry.conversationId === id && isShown(entry, identity),
    // Ahead of the conversation is only the cursor of a database that has been put back.
    isServable: (behind) => Promise.resolve(behind <= BigInt(sequence)),
  });
}

/** The cursor of the inbox as it is now. */
export async function inboxCursorNow(ctx: Context): Promise<string> {
  const { storeId } = inStore(ctx);
  const { db } = ctx.as(system(storeId));
  return writeFeedCursor(ctx.services.sealer, inboxFeedOf(storeId), await feedEnd(() => head(db, perRead)));
}

/** The cursor of a conversation as it is now; null where the caller may not read it. */
export async function conversationCursorNow(ctx: Context, id: Id<'cnv'>): Promise<string | null> {
  const { storeId } = inStore(ctx);
  const sequence = await sequenceOf(ctx, id);
  if (sequence === undefined) return null;
  return writeFeedCursor(ctx.services.sealer, conversationFeedOf(storeId, id), BigInt(sequence));
}

function inStore({ identity }: Context): { identity: Identity; storeId: StoreId } {
  if (identity.storeId === null) throw new PublicError('BAD_REQUEST', 'The request is bound to no store. Log in to one, or name one.');
  return { identity, storeId: identity.storeId };
}

async function sequenceOf({ db, identity }: Context, id: Id<'cnv'>): Promise<number | undefined> {
  const found = await db.read((tx) =>
    tx
      .select({ sequence: conversations.sequence })
      .from(conversations)
      .where(own(tx, conversations, and(eq(conversations.id, id), visible(identity)))),
  );
  return first(found)?.sequence;
}

export const inInbox = (entry: ChangeEntry, { services }: Context): LiveChange => ({
  entry,
  cursor: writeFeedCursor(services.sealer, inboxFeedOf(entry.storeId), entry.position),
});

export const inConversation = (entry: ChangeEntry, { services }: Context): LiveChange => ({
  entry,
  cursor: writeFeedCursor(services.sealer, conversationFeedOf(entry.storeId, entry.conversationId), BigInt(entry.sequence)),
});
