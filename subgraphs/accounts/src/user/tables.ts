import { instant, timestamps, typeId, userTable } from '@storegraph/database';
import { sql } from 'drizzle-orm';
import { boolean, check, text, unique } from 'drizzle-orm/pg-core';
import { accountsSchema } from '../schema.ts';

/** Requests may update a user's profile and the last log-in, not the e-mail address or `active`. */
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
    mfaEnabled: boolean().notNull().default(false),
    active: boolean().notNull().default(true),
    lastLogInAt: instant(),
    ...timestamps,
  },
  (t) => [unique('users_email_unique').on(t.email), check('users_email_length', sql`length(${t.email}) between 3 and 254`)],
);

/** Requests may add one; only log_in_candidate reads it. */
export const passwords = userTable(accountsSchema, 'passwords', {
  userId: typeId('usr')
    .primaryKey()
    .references(() => users.userId),
  hash: text().notNull(),
  changedAt: instant().notNull().defaultNow(),
});

/** Who works for the platform. Written by the operator. */
export const platformStaff = userTable(accountsSchema, 'platform_staff', {
  userId: typeId('usr')
    .primaryKey()
    .references(() => users.userId),
  grantedAt: instant().notNull().defaultNow(),
});
