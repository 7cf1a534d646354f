import { toUuid, type Id, type StoreId, type UserId } from '@storegraph/core';
import type { Tx } from '@storegraph/database';
import { sql } from 'drizzle-orm';
import { idOf, instantOf, instantOrNull, rows, textOf, textOrNull, type PublicStore, type Row } from '../raw-rows.ts';

/** Takes the transaction's store to another status, if its life has that step. Gives whether it did. */
export async function changeStoreStatus(
  tx: Tx,
  status: 'ACTIVE' | 'SUSPENDED' | 'CLOSED',
  reason: string | null,
  at: Date,
): Promise<boolean> {
  const [row] = await rows(
    tx,
    sql`select accounts.change_store_status(${status}, ${reason}::text, ${at.toISOString()}::timestamptz) as changed`,
  );
  return row?.['changed'] === true;
}

/** Any store, as platform staff see it. */
export interface PlatformStoreRow extends PublicStore {
  readonly status: 'ACTIVE' | 'SUSPENDED' | 'CLOSED';
  readonly domain: string | null;
  readonly country: string | null;
  readonly createdAt: Date;
  readonly suspendedAt: Date | null;
  readonly suspendedReason: string | null;
  readonly closedAt: Date | null;
  readonly closedReason: string | null;
}

export interface StoreConditions {
  readonly statuses: readonly string[] | null;
  readonly countries: readonly string[] | null;
  /** A LIKE pattern in lower case. */
  readonly words: string | null;
}

const textArray = (values: readonly string[] | null) =>
  values === null ? sql`null::text[]` : sql`${`{${values.map(quoted).join(',')}}`}::text[]`;
const quoted = (value: string) => `"${value.replaceAll(/[\\"]/g, String.raw`\$&`)}"`;

/** A page of all stores for platform staff, the newest first; nothing for anybody else. */
export async function platformStores(
  tx: Tx,
  { statuses, countries, words }: StoreConditions,
  before: { readonly at: string; readonly id: string } | null,
  size: number,
): Promise<PlatformStoreRow[]> {
  const found = await rows(
    tx,
    sql`select * from accounts.platform_stores(${textArray(statuses)}, ${textArray(countries)}, ${words}::text,
      ${before?.at ?? null}::timestamptz, ${before?.id ?? null}::uuid, ${size}::integer)`,
  );
  return found.map(platformStoreOf);
}

export async function platformStoreCount(tx: Tx, { statuses, countries, words }: StoreConditions): Promise<number> {
  const [row] = await rows(
    tx,
    sql`select accounts.platform_store_count(${textArray(statuses)}, ${textArray(countries)}, ${words}::text)::integer as stores`,
  );
  return Number(row?.['stores']);
}

export async function platformStoresById(tx: Tx, ids: readonly StoreId[]): Promise<PlatformStoreRow[]> {
  const list = `{${ids.map(toUuid).join(',')}}`;
  return (await rows(tx, sql`select * from accounts.platform_stores_by_id(${list}::uuid[])`)).map(platformStoreOf);
}

interface PlatformAccess {
  readonly expiresAt: Date;
  readonly revoked: boolean;
  readonly active: boolean;
  readonly platformStaff: boolean;
  /** When the last stay in the store asked about ends. Null where there was none, or it was left. */
  readonly entryExpiresAt: Date | null;
}

/** What a session of platform staff is good for, across stores or in the one that was entered. */
export async function platformAccess(tx: Tx, session: Id<'ses'>, user: UserId, store: StoreId | null): Promise<PlatformAccess | undefined> {
  const storeUuid = store === null ? null : toUuid(store);
  const [row] = await rows(
    tx,
    sql`select * from accounts.platform_access(${toUuid(session)}::uuid, ${toUuid(user)}::uuid, ${storeUuid}::uuid)`,
  );
  return (
    row && {
      expiresAt: instantOf(row['expires_at']),
      revoked: row['revoked_at'] !== null,
      active: row['active'] === true,
      platformStaff: row['platform_staff'] === true,
      entryExpiresAt: instantOrNull(row['entry_expires_at']),
    }
  );
}

/** Makes a user one of the platform's staff, or no longer one. Only for sweeps; undefined where no user has the address. */
export async function addPlatformStaff(tx: Tx, email: string): Promise<UserId | undefined> {
  const [row] = await rows(tx, sql`select * from accounts.platform_staff_add(${email})`);
  return row && idOf('usr', row['user_id']);
}

export async function removePlatformStaff(tx: Tx, email: string): Promise<UserId | undefined> {
  const [row] = await rows(tx, sql`select * from accounts.platform_staff_remove(${email})`);
  return row && idOf('usr', row['user_id']);
}

export async function listPlatformStaff(tx: Tx): Promise<{ email: string; since: Date }[]> {
  const found = await rows(tx, sql`select * from accounts.platform_staff_list()`);
  return found.map((row) => ({ email: textOf(row['email']), since: instantOf(row['granted_at']) }));
}

function platformStoreOf(row: Row): PlatformStoreRow {
  return {
    id: idOf('sto', row['id']),
    slug: textOf(row['slug']),
    name: textOf(row['name']),
    currency: textOf(row['currency']),
    defaultLanguage: textOf(row['default_language']),
    status: storeStatus(row['status']),
    domain: textOrNull(row['domain']),
    country: textOrNull(row['country']),
    createdAt: instantOf(row['created_at']),
    suspendedAt: instantOrNull(row['suspended_at']),
    suspendedReason: textOrNull(row['suspended_reason']),
    closedAt: instantOrNull(row['closed_at']),
    closedReason: textOrNull(row['closed_reason']),
  };
}

function storeStatus(value: unknown): PlatformStoreRow['status'] {
  if (value === 'ACTIVE' || value === 'SUSPENDED' || value === 'CLOSED') return value;
  throw new TypeError('A look-up gave no status of a store.');
}
