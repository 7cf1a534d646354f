import { PublicError, type Context } from '@storegraph/subgraph';
import { readCursor } from './cursor.ts';
import type { FeedEntry } from './feed.ts';
import { orderHub } from './hub.ts';

/** The feed of the caller's store, behind the cursor or from now on. Throws BAD_REQUEST for a cursor of another feed. */
export function follow({ identity, services, hub }: Context, after: string | null): AsyncIterableIterator<FeedEntry, void> {
  const { storeId } = identity;
  if (storeId === null) throw new PublicError('BAD_REQUEST', 'The request is bound to no store. Log in to one, or name one.');
  return hub(orderHub).follow(identity, storeId, after === null ? null : readCursor(services.sealer, storeId, after));
}
