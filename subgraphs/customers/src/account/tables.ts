import { instant, tenantTable, typeId } from '@storegraph/database';
import { sql } from 'drizzle-orm';
import { check, foreignKey, index, text, unique } from 'drizzle-orm/pg-core';
import { customers } from '../customer/tables.ts';
import { customersSchema } from '../schema.ts';

/** An account to be, for as long as its address waits to be verified: no customer's yet, and nobody can log in with it. */
export const signUps = tenantTable(
  customersSchema,
  'sign_ups',
  {
    id: typeId('csu').notNull(),
    /** Normalised as the address of a contact point is. */
    email: text().notNull(),
    /** Can be written and, through sign_up_of_token, looked up; requests can't read it. */
    passwordHash: text().notNull(),
    firstName: text(),
    lastName: text(),
    language: text(),
    /** What the person agreed to, with its evidence, until there is a customer who did: see consent/sign-up.ts. */
    consents: text(),
    createdAt: instant().notNull().defaultNow(),
    expiresAt: instant().notNull(),
  },
  (t) => [index('sign_ups_email_index').on(t.storeId, t.email, t.createdAt.desc()), index('sign_ups_expiry_index').on(t.expiresAt)],
);

/** That a customer can log in, with any e-mail address among its contact points that a link has shown to be theirs. */
export const accounts = tenantTable(
  customersSchema,
  'accounts',
  {
    id: typeId('acc').notNull(),
    customerId: typeId('cus').notNull(),
    createdAt: instant().notNull().defaultNow(),
    lastLogInAt: instant(),
    passwordChangedAt: instant().notNull().defaultNow(),
  },
  (t) => [
    unique('accounts_customer_key').on(t.storeId, t.customerId),
    foreignKey({
      name: 'accounts_customer_fkey',
      columns: [t.storeId, t.customerId],
      foreignColumns: [customers.storeId, customers.id],
    }).onDelete('cascade'),
  ],
  { customer: 'customerId' },
);

/** Requests may set one; only log_in_candidate and password_of read it. */
export const passwords = tenantTable(
  customersSchema,
  'passwords',
  { accountId: typeId('acc').notNull(), hash: text().notNull() },
  (t) => [
    foreignKey({
      name: 'passwords_account_fkey',
      columns: [t.storeId, t.accountId],
      foreignColumns: [accounts.storeId, accounts.id],
    }).onDelete('cascade'),
  ],
  { key: ['accountId'] },
);

/** What a link in an e-mail is good for, once. */
export const oneTimeTokens = tenantTable(
  customersSchema,
  'one_time_tokens',
  {
    id: typeId('ott').notNull(),
    purpose: text({ enum: ['EMAIL_VERIFICATION', 'PASSWORD_RESET'] }).notNull(),
    signUpId: typeId('csu'),
    /** Null for a reset that was asked for with an address of nobody's: such a token is made and sent nowhere. */
    accountId: typeId('acc'),
    /** Of a reset: where its link went. It is good for as long as that logs in to the account. */
    contactPointId: typeId('cpt'),
    tokenHash: text().notNull(),
    createdAt: instant().notNull().defaultNow(),
    expiresAt: instant().notNull(),
    usedAt: instant(),
    /** By a newer one, or another password. */
    endedAt: instant(),
  },
  (t) => [
    unique('one_time_tokens_hash_key').on(t.storeId, t.tokenHash),
    foreignKey({
      name: 'one_time_tokens_sign_up_fkey',
      columns: [t.storeId, t.signUpId],
      foreignColumns: [signUps.storeId, signUps.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'one_time_tokens_account_fkey',
      columns: [t.storeId, t.accountId],
      foreignColumns: [accounts.storeId, accounts.id],
    }).onDelete('cascade'),
    check('one_time_tokens_purpose_check', sql`${t.purpose} in ('EMAIL_VERIFICATION', 'PASSWORD_RESET')`),
    check(
      'one_time_tokens_subject_check',
      sql`case ${t.purpose} when 'EMAIL_VERIFICATION' then ${t.accountId} is null else ${t.signUpId} is null end`,
    ),
    check('one_time_tokens_contact_point_check', sql`${t.contactPointId} is null or ${t.purpose} = 'PASSWORD_RESET'`),
    index('one_time_tokens_sign_up_index').on(t.storeId, t.signUpId),
    index('one_time_tokens_account_index').on(t.storeId, t.accountId),
    index('one_time_tokens_expiry_index').on(t.expiresAt),
  ],
);

export type AccountRow = typeof accounts.$inferSelect;
