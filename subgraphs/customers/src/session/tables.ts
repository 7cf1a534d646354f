import { instant, platformTable, tenantTable, typeId } from '@storegraph/database';
import { sql } from 'drizzle-orm';
import { check, foreignKey, index, text, unique } from 'drizzle-orm/pg-core';
import { accounts } from '../account/tables.ts';
import { customersSchema } from '../schema.ts';
import { revokedReasons } from './session.ts';

/** A family of refresh tokens: one log-in on one device. */
export const sessions = tenantTable(
  customersSchema,
  'sessions',
  {
    id: typeId('cse').notNull(),
    accountId: typeId('acc').notNull(),
    customerId: typeId('cus').notNull(),
    ip: text(),
    userAgent: text(),
    createdAt: instant().notNull().defaultNow(),
    lastUsedAt: instant().notNull().defaultNow(),
    expiresAt: instant().notNull(),
    revokedAt: instant(),
    revokedReason: text({ enum: revokedReasons }),
  },
  (t) => [
    foreignKey({
      name: 'sessions_account_fkey',
      columns: [t.storeId, t.accountId],
      foreignColumns: [accounts.storeId, accounts.id],
    }).onDelete('cascade'),
    check('sessions_revoked_check', sql`(${t.revokedAt} is null) = (${t.revokedReason} is null)`),
    check(
      'sessions_revoked_reason_check',
      sql`${t.revokedReason} in ('LOGGED_OUT', 'TOKEN_REUSED', 'PASSWORD_CHANGED', 'CUSTOMER_DISABLED', 'CUSTOMER_MERGED')`,
    ),
    index('sessions_account_index').on(t.storeId, t.accountId, t.lastUsedAt.desc()),
    index('sessions_customer_index').on(t.storeId, t.customerId),
    index('sessions_expiry_index').on(t.expiresAt),
  ],
  { customer: 'customerId' },
);

/** `tokenHash` can be written and, through refresh_token_owner, looked up by; requests can't read it. */
export const refreshTokens = tenantTable(
  customersSchema,
  'refresh_tokens',
  {
    id: typeId('rft').notNull(),
    sessionId: typeId('cse').notNull(),
    tokenHash: text().notNull(),
    issuedAt: instant().notNull().defaultNow(),
    expiresAt: instant().notNull(),
    usedAt: instant(),
    /** The token that replaced this one, sealed, while it is the newest of its session: a repeated call gets it again. */
    successorSealed: text(),
  },
  (t) => [
    unique('refresh_tokens_hash_key').on(t.storeId, t.tokenHash),
    foreignKey({
      name: 'refresh_tokens_session_fkey',
      columns: [t.storeId, t.sessionId],
      foreignColumns: [sessions.storeId, sessions.id],
    }).onDelete('cascade'),
    index('refresh_tokens_session_index').on(t.storeId, t.sessionId),
    index('refresh_tokens_expiry_index').on(t.expiresAt),
  ],
);

/** Guesses of passwords, sign-ups and requests for links: what may be tried only so often in a store. */
export const attempts = tenantTable(
  customersSchema,
  'attempts',
  {
    id: typeId('att').notNull(),
    purpose: text({ enum: ['LOG_IN', 'SIGN_UP', 'EMAIL_VERIFICATION', 'PASSWORD_RESET'] }).notNull(),
    /** A digest of the address that was typed. */
    subjectKey: text().notNull(),
    ip: text(),
    /** Null while it is under way, and for ever where the caller was gone before there was a verdict. `NONE`: given up. */
    outcome: text({ enum: ['FAILED', 'SUCCEEDED', 'NONE'] }),
    attemptedAt: instant().notNull().defaultNow(),
  },
  (t) => [
    check('attempts_purpose_check', sql`${t.purpose} in ('LOG_IN', 'SIGN_UP', 'EMAIL_VERIFICATION', 'PASSWORD_RESET')`),
    check('attempts_outcome_check', sql`${t.outcome} in ('FAILED', 'SUCCEEDED', 'NONE')`),
    index('attempts_subject_index').on(t.storeId, t.purpose, t.subjectKey, t.attemptedAt),
    index('attempts_address_index').on(t.storeId, t.purpose, t.ip, t.attemptedAt),
    index('attempts_time_index').on(t.attemptedAt),
  ],
);

/** The keys that sign access tokens. `id` is the token's `kid`. */
export const signingKeys = platformTable(
  customersSchema,
  'signing_keys',
  {
    id: typeId('kid').primaryKey(),
    privateKeySealed: text().notNull(),
    /** Until the next one signs; it is published before, and stays good a while after. */
    signsFrom: instant().notNull(),
    createdAt: instant().notNull().defaultNow(),
  },
  undefined,
  { readers: [] },
);
