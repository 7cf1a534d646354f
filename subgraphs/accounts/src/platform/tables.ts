import { instant, tenantTable, typeId } from '@storegraph/database';
import { sql } from 'drizzle-orm';
import { check, index, text } from 'drizzle-orm/pg-core';
import { accountsSchema } from '../schema.ts';

/** The stays of platform staff in a store. What they may do there lasts as long as one, and ends with the session. */
export const platformEntries = tenantTable(
  accountsSchema,
  'platform_entries',
  {
    id: typeId('ent').notNull(),
    userId: typeId('usr').notNull(),
    sessionId: typeId('ses').notNull(),
    reason: text().notNull(),
    enteredAt: instant().notNull(),
    expiresAt: instant().notNull(),
    leftAt: instant(),
  },
  (t) => [
    index('platform_entries_of_session').on(t.storeId, t.sessionId, t.expiresAt),
    check('platform_entries_end', sql`${t.expiresAt} > ${t.enteredAt}`),
  ],
);
