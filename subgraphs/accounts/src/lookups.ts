import type { Permission } from '@storegraph/auth';
import { isPermission } from '@storegraph/auth';
import { toUuid, type Id, type StoreId, type UserId } from '@storegraph/core';
import type { Tx } from '@storegraph/database';
import { sql } from 'drizzle-orm';
import { idOf, instantOf, instantOrNull, publicStoreOf, rows, textOf, textOrNull, textsOf, type PublicStore } from './raw-rows.ts';

// One function for each SECURITY DEFINER function of drizzle/accounts: the only ways past row-level security. Those of invitations and of the platform stand
// beside them. Raw rows become typed here.

export interface LogInCandidate {
  readonly userId: UserId;
  readonly passwordHash: string | null;
  /** Counts the changes of the password. */
  readonly passwordGeneration: number;
  readonly active: boolean;
  readonly mfaEnabled: boolean;
}

/** The user with a normalised e-mail address, and the hash to check a password against. */
export async function logInCandidate(tx: Tx, email: string): Promise<LogInCandidate | undefined> {
  const [row] = await rows(tx, sql`select * from accounts.log_in_candidate(${email})`);
  return (
    row && {
      userId: idOf('usr', row['user_id']),
      passwordHash: textOrNull(row['password_hash']),
      passwordGeneration: Number(row['password_generation']),
      active: row['active'] === true,
      mfaEnabled: row['mfa_enabled'] === true,
    }
  );
}

/** Whose one-time token has this hash, and what it is for. */
export async function oneTimeTokenOwner(
  tx: Tx,
  hash: string,
): Promise<{ tokenId: Id<'ott'>; userId: UserId; purpose: string } | undefined> {
  const [row] = await rows(tx, sql`select * from accounts.one_time_token_owner(${hash})`);
  return row && { tokenId: idOf('ott', row['token_id']), userId: idOf('usr', row['user_id']), purpose: textOf(row['purpose']) };
}

/**
 * Uses up a token that was sent to an e-mail address, which is the user's verified one from now on. Undefined for a token that is not good; fails on
 * `users_email_unique` when somebody else has the address.
 */
export async function verifyEmail(
  tx: Tx,
  hash: string,
  now: Date,
): Promise<{ userId: UserId; email: string; formerEmail: string } | undefined> {
  const [row] = await rows(tx, sql`select * from accounts.verify_email(${hash}, ${now.toISOString()}::timestamptz)`);
  return row && { userId: idOf('usr', row['user_id']), email: textOf(row['email']), formerEmail: textOf(row['former_email']) };
}

/**
 * Uses up the token of a password's reset. `firstProof`: it is the first to show that the user reads the mail of the address, which is verified from now
 * on. Undefined for a token that is not good.
 */
export async function usePasswordReset(tx: Tx, hash: string, now: Date): Promise<{ firstProof: boolean } | undefined> {
  const [row] = await rows(tx, sql`select * from accounts.use_password_reset(${hash}, ${now.toISOString()}::timestamptz)`);
  return row && { firstProof: row['first_proof'] === true };
}

/** Uses up a backup code of the transaction's user; false where there is no such unused one. */
export async function useBackupCode(tx: Tx, hash: string, now: Date): Promise<boolean> {
  const [row] = await rows(tx, sql`select accounts.use_backup_code(${hash}, ${now.toISOString()}::timestamptz) as used`);
  return row?.['used'] === true;
}

/** Whose refresh token has this hash. */
export async function refreshTokenOwner(
  tx: Tx,
  hash: string,
): Promise<{ tokenId: Id<'rft'>; sessionId: Id<'ses'>; userId: UserId } | undefined> {
  const [row] = await rows(tx, sql`select * from accounts.refresh_token_owner(${hash})`);
  return row && { tokenId: idOf('rft', row['token_id']), sessionId: idOf('ses', row['session_id']), userId: idOf('usr', row['user_id']) };
}

export interface StoredRole {
  readonly key: string | null;
  readonly permissions: readonly string[];
}

export interface SessionAccess {
  readonly expiresAt: Date;
  readonly revoked: boolean;
  readonly active: boolean;
  readonly platformStaff: boolean;
  /** Null where the user never was a member of the store asked about, or none was. */
  readonly member: { readonly status: string; readonly role: StoredRole; readonly storeStatus: string } | null;
}

/** What a session of a user is good for, in a store. */
export async function sessionAccess(tx: Tx, session: Id<'ses'>, user: UserId, store: StoreId | null): Promise<SessionAccess | undefined> {
  const storeUuid = store === null ? null : toUuid(store);
  const [row] = await rows(
    tx,
    sql`select * from accounts.session_access(${toUuid(session)}::uuid, ${toUuid(user)}::uuid, ${storeUuid}::uuid)`,
  );
  if (!row) return undefined;
  return {
    expiresAt: instantOf(row['expires_at']),
    revoked: row['revoked_at'] !== null,
    active: row['active'] === true,
    platformStaff: row['platform_staff'] === true,
    member:
      row['member_status'] === null
        ? null
        : {
            status: textOf(row['member_status']),
            role: { key: textOrNull(row['role_key']), permissions: textsOf(row['role_permissions']) },
            storeStatus: textOf(row['store_status']),
          },
  };
}

export interface ApiKeyAccess {
  readonly id: Id<'key'>;
  readonly storeId: StoreId;
  readonly permissions: readonly Permission[];
  readonly expiresAt: Date | null;
  readonly revoked: boolean;
  readonly lastUsedAt: Date | null;
  readonly storeStatus: string;
}

/** The API key whose secret has this hash. */
export async function apiKeyAccess(tx: Tx, hash: string): Promise<ApiKeyAccess | undefined> {
  const [row] = await rows(tx, sql`select * from accounts.api_key_access(${hash})`);
  return (
    row && {
      id: idOf('key', row['id']),
      storeId: idOf('sto', row['store_id']),
      permissions: textsOf(row['permissions']).filter(isPermission),
      expiresAt: instantOrNull(row['expires_at']),
      revoked: row['revoked_at'] !== null,
      lastUsedAt: instantOrNull(row['last_used_at']),
      storeStatus: textOf(row['store_status']),
    }
  );
}

/** The store with this slug, if it trades. */
export async function activeStore(tx: Tx, slug: string): Promise<PublicStore | undefined> {
  const [row] = await rows(tx, sql`select * from accounts.active_store(${slug})`);
  return (
    row && {
      id: idOf('sto', row['id']),
      slug: textOf(row['slug']),
      name: textOf(row['name']),
      currency: textOf(row['currency']),
      defaultLanguage: textOf(row['default_language']),
    }
  );
}

export interface OwnMembership {
  readonly id: Id<'mem'>;
  readonly status: 'ACTIVE' | 'SUSPENDED';
  readonly joinedAt: Date | null;
  readonly role: StoredRole & { readonly id: Id<'rol'>; readonly name: string };
  readonly store: PublicStore;
  /** Whether the store can be entered: the membership is active and the store trades. */
  readonly enterable: boolean;
}

/** The stores that the transaction's user works in, the one last used first. */
export async function ownMemberships(tx: Tx): Promise<OwnMembership[]> {
  const found = await rows(tx, sql`select * from accounts.own_memberships()`);
  return found.map((row) => {
    const status = memberStatus(row['member_status']);
    return {
      id: idOf('mem', row['member_id']),
      status,
      joinedAt: instantOrNull(row['joined_at']),
      role: {
        id: idOf('rol', row['role_id']),
        key: textOrNull(row['role_key']),
        name: textOf(row['role_name']),
        permissions: textsOf(row['role_permissions']),
      },
      store: publicStoreOf(row),
      enterable: status === 'ACTIVE' && row['store_status'] === 'ACTIVE',
    };
  });
}

/** A person as colleagues may know them; the last four fields are null for everybody but that person. */
export interface Profile {
  readonly id: UserId;
  readonly email: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly avatarUrl: string | null;
  readonly locale: string;
  readonly timezone: string;
  readonly active: boolean;
  readonly createdAt: Date;
  readonly phone: string | null;
  readonly emailVerified: boolean | null;
  readonly mfaEnabled: boolean | null;
  readonly lastLogInAt: Date | null;
}

/** Those of the people whom the transaction may know: its own user, and who has joined its store. */
export async function profiles(tx: Tx, people: readonly UserId[]): Promise<Profile[]> {
  const list = `{${people.map(toUuid).join(',')}}`;
  const found = await rows(tx, sql`select * from accounts.profiles(${list}::uuid[])`);
  return found.map((row) => ({
    id: idOf('usr', row['user_id']),
    email: textOf(row['email']),
    firstName: textOrNull(row['first_name']),
    lastName: textOrNull(row['last_name']),
    avatarUrl: textOrNull(row['avatar_url']),
    locale: textOf(row['locale']),
    timezone: textOf(row['timezone']),
    active: row['active'] === true,
    createdAt: instantOf(row['created_at']),
    phone: textOrNull(row['phone']),
    // Only for the person is `mfa_enabled` not null, and so the verification known.
    emailVerified: row['mfa_enabled'] === null ? null : row['email_verified_at'] !== null,
    mfaEnabled: row['mfa_enabled'] === null ? null : row['mfa_enabled'] === true,
    lastLogInAt: instantOrNull(row['last_log_in_at']),
  }));
}

/** Takes a slug or domain for the transaction's store and gives up the one it had; false when another store has it. Null only gives up. */
export async function claimStoreName(tx: Tx, kind: 'SLUG' | 'DOMAIN', value: string | null): Promise<boolean> {
  const [row] = await rows(tx, sql`select accounts.claim_store_name(${kind}, ${value}::text) as claimed`);
  return row?.['claimed'] === true;
}

function memberStatus(value: unknown): OwnMembership['status'] {
  if (value === 'ACTIVE' || value === 'SUSPENDED') return value;
  throw new TypeError('A look-up gave no status of a member.');
}
