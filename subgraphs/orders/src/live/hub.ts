import type { Identity } from '@storegraph/auth';
import type { StoreId } from '@storegraph/core';
import { createFeeds, wholeFeed, type FeedLimits, type HubHost } from '@storegraph/subgraph';
import { advance, head, isShown, replay, type FeedEntry } from './feed.ts';

export interface OrderHub {
  /** The store's feed behind `after`, or from now on, as far as the identity may see it. Ends with RESYNC or FELL_BEHIND. */
  follow(identity: Identity, storeId: StoreId, after: bigint | null): AsyncIterableIterator<FeedEntry, void>;
}

interface Limits extends FeedLimits {
  /** Entries that a cursor may be behind. */
  readonly mostReplayed: bigint;
}

export const orderHub = (host: HubHost): OrderHub => createOrderHub(host);

export function createOrderHub(host: HubHost, limits?: Limits): OrderHub {
  const feeds = createFeeds(host, { domain: 'orders', head, advance }, limits);
  return {
    follow: (identity, storeId, after) =>
      feeds.follow({
        ...wholeFeed<FeedEntry>(after, limits?.mostReplayed),
        identity,
        storeId,
        replay,
        isShown: (entry) => isShown(entry, identity),
      }),
  };
}
