import { tenantTable, typeId } from '@storegraph/database';
import { boolean } from 'drizzle-orm/pg-core';
import { messagingSchema } from '../schema.ts';

/** Who may be assigned a conversation or take part in one. */
export const knownMembers = tenantTable(
  messagingSchema,
  'known_members',
  {
    userId: typeId('usr').notNull(),
    /** False for who is suspended, or no member any more. */
    active: boolean().notNull(),
  },
  undefined,
  { key: ['userId'] },
);
