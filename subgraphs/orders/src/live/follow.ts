import { system } from '@storegraph/auth';
import type { StoreId } from '@storegraph/core';
import { feedEnd, perRead, PublicError, readFeedCursor, writeFeedCursor, type Context } from '@storegraph/subgraph';
import { head, type FeedEntry } from './feed.ts';
import { orderHub } from './hub.ts';

export const feedOf = (storeId: StoreId) => `orders|live|${storeId}`;

/** The feed of the caller's store, behind the cursor or from now on. Throws BAD_REQUEST for a cursor of another feed. */
export function follow(ctx: Context, after: string | null): AsyncIterableIterator<FeedEntry, void> {
  const storeId = storeOf(ctx);
  return ctx
    .hub(orderHub)
    .follow(ctx.identity, storeId, after === null ? null : readFeedCursor(ctx.services.sealer, feedOf(storeId), after));
}

/** The cursor of the feed as it is now. Shoppers may not read how far it has come: they get it sealed, from the store's own system. */
export async function cursorNow(ctx: Context): Promise<string> {
  const storeId = storeOf(ctx);
  const { db } = ctx.as(system(storeId));
  return writeFeedCursor(ctx.services.sealer, feedOf(storeId), await feedEnd(() => head(db, perRead)));
}

function storeOf({ identity: { storeId } }: Context): StoreId {
  if (storeId === null) throw new PublicError('BAD_REQUEST', 'The request is bound to no store. Log in to one, or name one.');
  return storeId;
}
