import type { OneTimeTokenState } from '@storegraph/auth';
import { fromUuid, toUuid, type CustomerId, type Id } from '@storegraph/core';
import type { Tx } from '@storegraph/database';
import { sql, type SQL } from 'drizzle-orm';

// One function for each SECURITY DEFINER function of drizzle/customers/0008 and 0011, the only readers of hashes. All keep to the transaction's store, and
// answer the store's own system alone. Raw rows become typed here.

type Row = Record<string, unknown>;

interface LogInCandidate {
  readonly accountId: Id<'acc'>;
  readonly customerId: CustomerId;
  readonly passwordHash: string;
  readonly active: boolean;
}

/** The account that a normalised e-mail address logs in to, and the hash to check a password against. */
export async function logInCandidate(tx: Tx, email: string): Promise<LogInCandidate | undefined> {
  const [row] = await rows(tx, sql`select * from customers.log_in_candidate(${email})`);
  return (
    row && {
      accountId: idOf('acc', row['account_id']),
      customerId: idOf('cus', row['customer_id']),
      passwordHash: textOf(row['password_hash']),
      active: row['active'] === true,
    }
  );
}

/** The account of a customer, with the hash of its password. */
export async function passwordOf(tx: Tx, customerId: CustomerId): Promise<{ accountId: Id<'acc'>; passwordHash: string } | undefined> {
  const [row] = await rows(tx, sql`select * from customers.password_of(${toUuid(customerId)}::uuid)`);
  return row && { accountId: idOf('acc', row['account_id']), passwordHash: textOf(row['password_hash']) };
}

/** A token that a link brought. */
interface FoundToken extends OneTimeTokenState {
  readonly tokenId: Id<'ott'>;
}

export interface SignUpOfToken extends FoundToken {
  readonly signUpId: Id<'csu'>;
  readonly email: string;
  readonly passwordHash: string;
}

export async function signUpOfToken(tx: Tx, hash: string): Promise<SignUpOfToken | undefined> {
  const [row] = await rows(tx, sql`select * from customers.sign_up_of_token(${hash})`);
  return (
    row && {
      ...tokenOf(row),
      signUpId: idOf('csu', row['sign_up_id']),
      email: textOf(row['email']),
      passwordHash: textOf(row['password_hash']),
    }
  );
}

interface ResetOfToken extends FoundToken {
  readonly accountId: Id<'acc'>;
  readonly customerId: CustomerId;
}

/** Undefined also where the address that the link went to does not log in to the account any more. */
export async function resetOfToken(tx: Tx, hash: string): Promise<ResetOfToken | undefined> {
  const [row] = await rows(tx, sql`select * from customers.reset_of_token(${hash})`);
  return row && { ...tokenOf(row), accountId: idOf('acc', row['account_id']), customerId: idOf('cus', row['customer_id']) };
}

/** Whose refresh token has this hash. */
export async function refreshTokenOwner(tx: Tx, hash: string): Promise<{ tokenId: Id<'rft'>; sessionId: Id<'cse'> } | undefined> {
  const [row] = await rows(tx, sql`select * from customers.refresh_token_owner(${hash})`);
  return row && { tokenId: idOf('rft', row['token_id']), sessionId: idOf('cse', row['session_id']) };
}

const tokenOf = (row: Row): FoundToken => ({
  tokenId: idOf('ott', row['token_id']),
  expiresAt: instantOf(row['expires_at']),
  usedAt: instantOrNull(row['used_at']),
  endedAt: instantOrNull(row['ended_at']),
});

async function rows(tx: Tx, query: SQL): Promise<readonly Row[]> {
  return tx.execute<Row>(query);
}

function textOf(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('A look-up gave no text where it must.');
  return value;
}

const idOf = <Prefix extends string>(prefix: Prefix, value: unknown): Id<Prefix> => fromUuid(prefix, textOf(value));
const instantOf = (value: unknown): Date => (value instanceof Date ? value : new Date(textOf(value)));
const instantOrNull = (value: unknown): Date | null => (value === null ? null : instantOf(value));
