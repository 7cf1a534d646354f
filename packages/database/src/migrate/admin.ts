import { OperatorError } from '@storegraph/core';
import postgres, { type Sql } from 'postgres';
import { sqlState } from '../errors.ts';

export type Admin = Sql;

const minimumVersion = 170_000;

/** One connection as the administrator, with the rights of that user. */
export const openAdmin = (adminUrl: string): Admin =>
  postgres(adminUrl, {
    max: 1,
    max_lifetime: null,
    connect_timeout: 10,
    fetch_types: false,
    onnotice: () => undefined,
    connection: { application_name: 'storegraph admin' },
  });

/** Runs `work` on one connection as the administrator. What the operator can put right comes as an OperatorError. */
export async function asAdmin<T>(adminUrl: string, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = openAdmin(adminUrl);
  try {
    await assertVersion(admin);
    return await work(admin);
  } catch (error) {
    throw explained(error, adminUrl);
  } finally {
    await admin.end({ timeout: 5 });
  }
}

async function assertVersion(admin: Admin): Promise<void> {
  const [row] = await admin<{ version: string; text: string }[]>`
    select current_setting('server_version_num') as version, current_setting('server_version') as text`;
  if (row && Number(row.version) < minimumVersion) {
    throw new OperatorError(`PostgreSQL ${row.text} is too old.`, 'Storegraph needs PostgreSQL 17 or newer.');
  }
}

function explained(error: unknown, adminUrl: string): unknown {
  if (error instanceof OperatorError) return error;
  const { host, username, pathname } = new URL(adminUrl);
  const cause = { cause: error };
  const code = sqlState(error) ?? '';
  if (unreachable.has(code)) {
    return new OperatorError(`No PostgreSQL answers at ${host}.`, 'Start it, or correct the host and port of DATABASE_URL.', cause);
  }
  if (code === '28P01' || code === '28000') {
    return new OperatorError(
      `PostgreSQL at ${host} refuses the user "${username}".`,
      'Correct the user and password of DATABASE_URL.',
      cause,
    );
  }
  if (code === '3D000') {
    return new OperatorError(
      `The database "${pathname.slice(1)}" does not exist at ${host}.`,
      'Create it, or correct DATABASE_URL.',
      cause,
    );
  }
  if (code === '42501') {
    const detail = error instanceof Error ? error.message : '';
    return new OperatorError(
      `The user "${username}" may not prepare the database: ${detail}.`,
      'Use a superuser, or a user who owns the database and has CREATEROLE.',
      cause,
    );
  }
  return error;
}

const unreachable = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'CONNECT_TIMEOUT',
  'CONNECTION_CLOSED',
]);
