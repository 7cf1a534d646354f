import { tenantTable } from '@storegraph/database';
import { bigint } from 'drizzle-orm/pg-core';
import { ordersSchema } from '../schema.ts';

/** The last position given out in a store's feed. Written by the database's function alone (drizzle/orders/0013). */
export const orderFeeds = tenantTable(ordersSchema, 'order_feeds', { last: bigint({ mode: 'bigint' }).notNull() }, undefined, { key: [] });
