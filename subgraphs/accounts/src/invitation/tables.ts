import { instant, tenantTable, timestamps, typeId } from '@storegraph/database';
import { getTableColumns, sql } from 'drizzle-orm';
import { check, foreignKey, index, text, unique } from 'drizzle-orm/pg-core';
import { members } from '../member/tables.ts';
import { roles } from '../role/tables.ts';
import { accountsSchema } from '../schema.ts';

/** One row for each address that a store has invited, for its last invitation. Whoever accepts becomes a member; the row stays. */
export const invitations = tenantTable(
  accountsSchema,
  'invitations',
  {
    id: typeId('inv').notNull(),
    /** Normalised, as users' are. */
    email: text().notNull(),
    roleId: typeId('rol').notNull(),
    /** Of the link sent last. Requests may write it; only invitation_by_token looks by it. */
    tokenHash: text().notNull(),
    /** The user who invited, or who made the API key that did; null where nobody knows. */
    invitedBy: typeId('usr'),
    invitedAt: instant().notNull(),
    sentAt: instant().notNull(),
    expiresAt: instant().notNull(),
    acceptedAt: instant(),
    memberId: typeId('mem'),
    revokedAt: instant(),
    ...timestamps,
  },
  (t) => [
    unique('invitations_email_unique').on(t.storeId, t.email),
    foreignKey({ name: 'invitations_role', columns: [t.storeId, t.roleId], foreignColumns: [roles.storeId, roles.id] }),
    foreignKey({ name: 'invitations_member', columns: [t.storeId, t.memberId], foreignColumns: [members.storeId, members.id] }),
    index('invitations_in_order').on(t.storeId, t.invitedAt.desc(), t.id.desc()),
    index('invitations_by_role').on(t.storeId, t.roleId),
    index('invitations_by_member').on(t.storeId, t.memberId),
    index('invitations_by_hash').on(t.tokenHash),
    index('invitations_to_address')
      .on(t.email)
      .where(sql`${t.acceptedAt} is null and ${t.revokedAt} is null`),
    check('invitations_email_length', sql`length(${t.email}) between 3 and 254`),
    check('invitations_accepted_by_a_member', sql`(${t.acceptedAt} is null) = (${t.memberId} is null)`),
    check('invitations_end_once', sql`${t.acceptedAt} is null or ${t.revokedAt} is null`),
  ],
);

/** All that requests may read of an invitation. */
export const shown = omit(getTableColumns(invitations), 'tokenHash');

function omit<Columns extends object, Name extends keyof Columns>(columns: Columns, name: Name): Omit<Columns, Name> {
  const { [name]: left, ...others } = columns;
  return left === undefined ? columns : others;
}
