import { instant, typeId, userTable } from '@storegraph/database';
import { sql } from 'drizzle-orm';
import { check, index, integer, text, unique, uniqueIndex } from 'drizzle-orm/pg-core';
import { accountsSchema } from '../schema.ts';
import { users } from '../user/tables.ts';

/** `tokenHash` can be written and, through one_time_token_owner and verify_email, looked up by; requests can't read it. */
export const oneTimeTokens = userTable(
  accountsSchema,
  'one_time_tokens',
  {
    id: typeId('ott').primaryKey(),
    userId: typeId('usr')
      .notNull()
      .references(() => users.userId),
    purpose: text({ enum: ['EMAIL_VERIFICATION', 'EMAIL_CHANGE', 'PASSWORD_RESET', 'LOG_IN_CHALLENGE'] }).notNull(),
    tokenHash: text().notNull(),
    /** The address that it was sent to, where that is what it proves. */
    email: text(),
    /** Of a challenge: the store that the log-in asked for, and the attempt that it was. */
    storeId: typeId('sto'),
    attemptId: typeId('att'),
    /** Of a challenge: how many codes were wrong. */
    tries: integer().notNull().default(0),
    createdAt: instant().notNull().defaultNow(),
    expiresAt: instant().notNull(),
    usedAt: instant(),
    endedAt: instant(),
  },
  (t) => [
    unique('one_time_tokens_hash_unique').on(t.tokenHash),
    uniqueIndex('one_time_tokens_one_open')
      .on(t.userId, t.purpose)
      .where(sql`${t.usedAt} is null and ${t.endedAt} is null and ${t.purpose} <> 'LOG_IN_CHALLENGE'`),
    index('one_time_tokens_of_user').on(t.userId, t.createdAt.desc()),
    index('one_time_tokens_by_expiry').on(t.expiresAt),
    check('one_time_tokens_purpose', sql`${t.purpose} in ('EMAIL_VERIFICATION', 'EMAIL_CHANGE', 'PASSWORD_RESET', 'LOG_IN_CHALLENGE')`),
    check(
      'one_time_tokens_email',
      sql`(${t.purpose} in ('EMAIL_VERIFICATION', 'EMAIL_CHANGE')) = (${t.email} is not null) and length(${t.email}) between 3 and 254`,
    ),
    check(
      'one_time_tokens_challenge',
      sql`${t.purpose} = 'LOG_IN_CHALLENGE' or (${t.storeId} is null and ${t.attemptId} is null and ${t.tries} = 0)`,
    ),
    check('one_time_tokens_tries', sql`${t.tries} between 0 and 5`),
    check('one_time_tokens_one_end', sql`${t.usedAt} is null or ${t.endedAt} is null`),
  ],
);
