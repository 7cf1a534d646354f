import { instant, timestamps, typeId, userTable } from '@storegraph/database';
import { sql } from 'drizzle-orm';
import { boolean, check, integer, text, unique } from 'drizzle-orm/pg-core';
import { accountsSchema } from '../schema.ts';

/** Requests may update a user's profile and the last log-in, not `active`; the e-mail address only through verify_email, which takes a token. */
export const users = userTable(
  accountsSchema,
  'users',
  {
    userId: typeId('usr').primaryKey(),
    /** In the one form in which addresses are compared, whatever the case in which it was typed. */
    email: text().notNull(),
    firstName: text(),
    lastName: text(),
    phone: text(),
    avatarUrl: text(),
    locale: text().notNull().default('en'),
    timezone: text().notNull().default('UTC'),
    emailVerifiedAt: instant(),
    active: boolean().notNull().default(true),
    lastLogInAt: instant(),
    ...timestamps,
  },
  (t) => [unique('users_email_unique').on(t.email), check('users_email_length', sql`length(${t.email}) between 3 and 254`)],
);

/** Requests may set one; only log_in_candidate reads it. */
export const passwords = userTable(accountsSchema, 'passwords', {
  userId: typeId('usr')
    .primaryKey()
    .references(() => users.userId),
  hash: text().notNull(),
  /** Counts the changes: a log-in that was checked against an earlier one is none. */
  generation: integer().notNull().default(1),
  changedAt: instant().notNull().defaultNow(),
});

/** Who works for the platform. Written by the operator. */
export const platformStaff = userTable(accountsSchema, 'platform_staff', {
  userId: typeId('usr')
    .primaryKey()
    .references(() => users.userId),
  grantedAt: instant().notNull().defaultNow(),
});
