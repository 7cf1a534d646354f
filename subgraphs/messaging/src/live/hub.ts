import { createFeeds, type Feeds, type HubHost } from '@storegraph/subgraph';
import { advance, head, type ChangeEntry } from './feed.ts';

/** One reading of a store's changes for all who follow its inbox or one of its conversations. */
export const changesHub = (host: HubHost): Feeds<ChangeEntry> => createFeeds(host, { domain: 'messaging', head, advance });
