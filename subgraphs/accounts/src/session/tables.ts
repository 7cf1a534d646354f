import { instant, platformTable, typeId, userTable } from '@storegraph/database';
import { sql } from 'drizzle-orm';
import { check, index, integer, text, unique } from 'drizzle-orm/pg-core';
import { accountsSchema } from '../schema.ts';
import { users } from '../user/tables.ts';
import type { Purpose } from './attempt-limit.ts';

const revokedReasons = ['LOGGED_OUT', 'TOKEN_REUSED', 'REVOKED', 'PASSWORD_CHANGED', 'PASSWORD_RESET'] as const;

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
    /** From where it was refreshed last. */
    lastIp: text(),
    createdAt: instant().notNull().defaultNow(),
    lastUsedAt: instant().notNull().defaultNow(),
    expiresAt: instant().notNull(),
    revokedAt: instant(),
    revokedReason: text({ enum: revokedReasons }),
  },
  (t) => [
    index('sessions_of_user').on(t.userId, t.lastUsedAt.desc()),
    index('sessions_live_of_user')
      .on(t.userId)
      .where(sql`${t.revokedAt} is null`),
    index('sessions_by_expiry').on(t.expiresAt),
    check('sessions_revoked_for_a_reason', sql`(${t.revokedAt} is null) = (${t.revokedReason} is null)`),
    check(
      'sessions_revoked_reason',
      sql`${t.revokedReason} in ('LOGGED_OUT', 'TOKEN_REUSED', 'REVOKED', 'PASSWORD_CHANGED', 'PASSWORD_RESET')`,
    ),
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

/** Guesses of passwords and codes, sign-ups, invitations: what may be tried only so often (`attempt-limit.ts`). */
export const attempts = platformTable(
  accountsSchema,
  'attempts',
  {
    id: typeId('att').primaryKey(),
    purpose: text().$type<Purpose>().notNull(),
    /** A digest of what was tried: of the address typed, say, whether or not somebody has it. */
    subjectKey: text().notNull(),
    /** Whose account it was, if anybody's. */
    userId: typeId('usr'),
    /** An IPv6 address as its /64 network. */
    ip: text(),
    userAgent: text(),
    /**
     * Null while it is under way, and for ever where the caller was gone before there was a verdict. `NONE`: given up. `CHALLENGED`: the password
     * was right, and the second factor is outstanding.
     */
    outcome: text({ enum: ['FAILED', 'CHALLENGED', 'SUCCEEDED', 'NONE'] }),
    attemptedAt: instant().notNull().defaultNow(),
  },
  (t) => [
    index('attempts_of_subject').on(t.purpose, t.subjectKey, t.attemptedAt),
    index('attempts_of_address').on(t.purpose, t.ip, t.attemptedAt),
    index('attempts_by_time').on(t.attemptedAt),
    index('attempts_of_user')
      .on(t.userId, t.attemptedAt.desc(), t.id.desc())
      .where(sql`${t.purpose} = 'LOG_IN'`),
    check(
      'attempts_purpose',
      sql`${t.purpose} in ('LOG_IN', 'SECOND_FACTOR', 'REAUTHENTICATION', 'PASSWORD_RESET', 'TOKEN', 'MAIL', 'SIGN_UP', 'INVITATION', 'INVITED_ADDRESS', 'MAILED_ADDRESS', 'MEMBER_CREATE')`,
    ),
    check('attempts_outcome', sql`${t.outcome} in ('FAILED', 'CHALLENGED', 'SUCCEEDED', 'NONE')`),
  ],
  { readers: [] },
);

/** The keys that sign access tokens. `id` is the token's `kid`; what a key is for follows from the times of all (packages/auth). */
export const signingKeys = platformTable(
  accountsSchema,
  'signing_keys',
  {
    id: typeId('kid').primaryKey(),
    privateKeySealed: text().notNull(),
    /** From 1. Of two processes that make the next key at once, one does. */
    generation: integer().notNull(),
    signsFrom: instant().notNull().defaultNow(),
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [unique('signing_keys_generation_unique').on(t.generation)],
  { readers: [] },
);
