import { tenantTable } from '@storegraph/database';
import { bigint } from 'drizzle-orm/pg-core';
import { messagingSchema } from '../schema.ts';

/** The last position given out in a store's inbox feed. Written by the database's function alone (drizzle/messaging/0003). */
export const inboxFeeds = tenantTable(messagingSchema, 'inbox_feeds', { last: bigint({ mode: 'bigint' }).notNull() }, undefined, {
  key: [],
});
