import { instant, tenantTable, timestamps, typeId } from '@storegraph/database';
import { sql } from 'drizzle-orm';
import { check, foreignKey, index, text, unique } from 'drizzle-orm/pg-core';
import { roles } from '../role/tables.ts';
import { accountsSchema } from '../schema.ts';

export const members = tenantTable(
  accountsSchema,
  'members',
  {
    id: typeId('mem').notNull(),
    userId: typeId('usr').notNull(),
    roleId: typeId('rol').notNull(),
    status: text({ enum: ['ACTIVE', 'SUSPENDED', 'REMOVED'] })
      .notNull()
      .default('ACTIVE'),
    /** The address that was invited; null for the one who opened the store. */
    invitedEmail: text(),
    /** The user who invited the member, or who made the API key that did; null for the one who opened the store. */
    addedBy: typeId('usr'),
    invitedAt: instant(),
    /** Of the last time. Null for somebody who never joined, of before invitations were apart: the store may not know them. */
    joinedAt: instant(),
    suspendedAt: instant(),
    removedAt: instant(),
    ...timestamps,
  },
  (t) => [
    unique('members_user_unique').on(t.storeId, t.userId),
    foreignKey({ name: 'members_role', columns: [t.storeId, t.roleId], foreignColumns: [roles.storeId, roles.id] }),
    index('members_by_role').on(t.storeId, t.roleId),
    index('members_of_user').on(t.userId),
    index('members_in_order').on(t.storeId, t.createdAt, t.id),
    check('members_status', sql`${t.status} in ('ACTIVE', 'SUSPENDED', 'REMOVED')`),
    check('members_active_have_joined', sql`${t.status} <> 'ACTIVE' or ${t.joinedAt} is not null`),
    check('members_suspended_since', sql`${t.status} <> 'SUSPENDED' or ${t.suspendedAt} is not null`),
    check('members_removed_since', sql`${t.status} <> 'REMOVED' or ${t.removedAt} is not null`),
  ],
);
