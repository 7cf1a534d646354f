import { sql, type SQL } from 'drizzle-orm';
import { pgPolicy, type PgPolicy } from 'drizzle-orm/pg-core';
import type { IdentityKind } from '@storegraph/auth';

// A setting that a finished transaction had set reads as '' and not as null: hence nullif. No sub-selects: Citus refuses them.
const setting = (name: string) => `nullif(current_setting('app.${name}', true), '')::uuid`;
const kindIn = (kinds: readonly IdentityKind[]) => `current_setting('app.kind', true) in (${kinds.map((kind) => `'${kind}'`).join(', ')})`;

const ofStore = `store_id = ${setting('store_id')}`;
const both = (condition: string): { using: SQL; withCheck: SQL } => ({ using: sql.raw(condition), withCheck: sql.raw(condition) });

/** Rows of the transaction's store, for those who work there. Customers and strangers see nothing. */
export const storeIsolation = (): PgPolicy =>
  pgPolicy('store_isolation', both(`${ofStore} and ${kindIn(['STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'])}`));

/** A customer reads the rows that name that customer, of the same store. */
export const customerOwn = (column: string): PgPolicy =>
  pgPolicy('customer_own', {
    for: 'select',
    using: sql.raw(`${ofStore} and ${kindIn(['CUSTOMER'])} and ${column} = ${setting('customer_id')}`),
  });

/** Rows of one person, across stores. */
export const userOwn = (): PgPolicy => pgPolicy('user_own', both(`user_id = ${setting('user_id')} or ${kindIn(['SYSTEM'])}`));

export const platformWrite = (): PgPolicy => pgPolicy('platform_write', both(kindIn(['PLATFORM', 'SYSTEM'])));

export const platformRead = (readers: readonly IdentityKind[]): PgPolicy =>
  pgPolicy('platform_read', { for: 'select', using: sql.raw(kindIn(readers)) });
