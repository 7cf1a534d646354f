import { instant, platformTable, typeId, userTable } from '@storegraph/database';
import { sql } from 'drizzle-orm';
import { boolean, check, index, text, unique, uniqueIndex } from 'drizzle-orm/pg-core';
import { accountsSchema } from '../schema.ts';
import { users } from '../user/tables.ts';

/** A family of refresh tokens: one log-in on one device. */
export const sessions = userTable(
  accountsSchema,
  'sessions',
  {
    id: typeId('ses').primaryKey(),
    userId: typeId('usr')
      .notNull()
      .references(() => users.userId),
    /** Where the next access token will be bound to. */
    currentStoreId: typeId('sto'),
    ip: text(),
    userAgent: text(),
    createdAt: instant().notNull().defaultNow(),
    lastUsedAt: instant().notNull().defaultNow(),
    expiresAt: instant().notNull(),
    revokedAt: instant(),
    revokedReason: text({ enum: ['LOGGED_OUT', 'TOKEN_REUSED'] }),
  },
  (t) => [
    index('sessions_of_user').on(t.userId, t.lastUsedAt.desc()),
    index('sessions_by_expiry').on(t.expiresAt),
    check('sessions_revoked_for_a_reason', sql`(${t.revokedAt} is null) = (${t.revokedReason} is null)`),
    check('sessions_revoked_reason', sql`${t.revokedReason} in ('LOGGED_OUT', 'TOKEN_REUSED')`),
  ],
);

/** `tokenHash` can be written and, through refresh_token_owner, looked up by; requests can't read it. */
export const refreshTokens = userTable(
  accountsSchema,
  'refresh_tokens',
  {
    id: typeId('rft').primaryKey(),
    userId: typeId('usr').notNull(),
    sessionId: typeId('ses')
      .notNull()
      .references(() => sessions.id, { onDelete: 'cascade' }),
    tokenHash: text().notNull(),
    issuedAt: instant().notNull().defaultNow(),
    expiresAt: instant().notNull(),
    usedAt: instant(),
    /** The token that replaced this one, sealed, while it is the newest of its session: a repeated call gets it again. */
    successorSealed: text(),
  },
  (t) => [
    unique('refresh_tokens_hash_unique').on(t.tokenHash),
    index('refresh_tokens_of_session').on(t.sessionId, t.issuedAt.desc()),
    index('refresh_tokens_with_successor')
      .on(t.sessionId)
      .where(sql`${t.successorSealed} is not null`),
    index('refresh_tokens_by_expiry').on(t.expiresAt),
  ],
);

/** Guesses of passwords, sign-ups and invitations: what may be tried only so often. */
export const attempts = platformTable(
  accountsSchema,
  'attempts',
  {
    id: typeId('att').primaryKey(),
    purpose: text({ enum: ['LOG_IN', 'SIGN_UP', 'MEMBER_CREATE'] }).notNull(),
    /** A digest of what was tried: of the address typed, or of the store that invites. */
    subjectKey: text().notNull(),
    ip: text(),
    /** Null while it is under way, and for ever where the caller was gone before there was a verdict. `NONE`: given up. */
    outcome: text({ enum: ['FAILED', 'SUCCEEDED', 'NONE'] }),
    attemptedAt: instant().notNull().defaultNow(),
  },
  (t) => [
    index('attempts_of_subject').on(t.purpose, t.subjectKey, t.attemptedAt),
    index('attempts_of_address').on(t.purpose, t.ip, t.attemptedAt),
    index('attempts_by_time').on(t.attemptedAt),
    check('attempts_purpose', sql`${t.purpose} in ('LOG_IN', 'SIGN_UP', 'MEMBER_CREATE')`),
    check('attempts_outcome', sql`${t.outcome} in ('FAILED', 'SUCCEEDED', 'NONE')`),
  ],
  { readers: [] },
);

/** The keys that sign access tokens. `id` is the token's `kid`. */
export const signingKeys = platformTable(
  accountsSchema,
  'signing_keys',
  {
    id: typeId('kid').primaryKey(),
    privateKeySealed: text().notNull(),
    isCurrent: boolean().notNull().default(true),
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex('signing_keys_one_current')
      .on(t.isCurrent)
      .where(sql`${t.isCurrent}`),
  ],
  { readers: [] },
);
