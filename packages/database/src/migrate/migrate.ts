import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { OperatorError, silentLogger, type Logger } from '@storegraph/core';
import type { TransactionSql } from 'postgres';
import { asAdmin, type Admin } from './admin.ts';
import { migrationFiles, statementsOf, withVariables, type MigrationFile } from './files.ts';
import { identifier as id, roleName, variablesOf } from './names.ts';
import { ensureRoles } from './roles.ts';

export interface MigrateOptions {
  /** A superuser, or a user with CREATEROLE who owns the database. */
  readonly adminUrl: string;
  /** In the order in which their migrations are to run: events and jobs before those that use them. */
  readonly domains: readonly string[];
  readonly prefix?: string;
  readonly secret: string;
  readonly log?: Logger;
  /** The folder with one folder of migrations per domain; the kernel's own are always the same. */
  readonly root?: string;
}

const drizzleFolder = fileURLToPath(new URL('../../../../drizzle', import.meta.url));
const extensions = ['pg_trgm', 'btree_gin', 'unaccent', 'fuzzystrmatch'];
const lockKey = "hashtextextended('storegraph.migrate', 0)";

/**
 * Brings the database to what the code needs: roles, schemas, and each migration file that has not been applied yet, one transaction per file.
 * Safe to run again, and from several processes at once. Throws an OperatorError for what the operator has to put right.
 */
export function migrate({
  adminUrl,
  domains,
  prefix = 'storegraph',
  secret,
  log = silentLogger,
  root = drizzleFolder,
}: MigrateOptions): Promise<void> {
  for (const domain of domains) {
    if (!/^[a-z][a-z0-9]{0,30}$/.test(domain)) throw new Error(`"${domain}" can't be a domain's name`);
  }
  return asAdmin(adminUrl, async (admin) => {
    await lock(admin);
    await ensureRoles(admin, { prefix, secret, domains });
    await ensureExtensions(admin);
    const kernel = await migrationFiles(drizzleFolder, 'kernel');
    for (const domain of domains) {
      await ensureSchema(admin, prefix, domain);
      await applyAll(admin, { prefix, domain, files: [...kernel, ...(await migrationFiles(root, domain))], log });
    }
  });
}

/** Held until the connection ends. Asked for again and again: one who waits for it in the server would block `create index concurrently`. */
async function lock(admin: Admin): Promise<void> {
  for (;;) {
    const [row] = await admin.unsafe<{ locked: boolean }[]>(`select pg_try_advisory_lock(${lockKey}) as locked`);
    if (row?.locked) return;
    await sleep(100);
  }
}

async function ensureExtensions(admin: Admin): Promise<void> {
  await ensure(admin, 'pg_namespace', 'nspname', 'extensions', 'create schema extensions; grant usage on schema extensions to public');
  for (const extension of extensions) {
    await ensure(admin, 'pg_extension', 'extname', extension, `create extension ${extension} schema extensions`);
  }
}

async function ensureSchema(admin: Admin, prefix: string, domain: string): Promise<void> {
  const { owner = '', app = '', system = '', lookup = '' } = variablesOf(prefix, domain);
  await ensure(admin, 'pg_namespace', 'nspname', domain, `create schema ${id(domain)} authorization ${id(owner)}`);
  await admin.begin(async (tx) => {
    await tx.unsafe(`set local role ${id(owner)}; set local client_min_messages = warning`);
    // The ledger comes before the default grants: no request may touch it.
    await tx.unsafe(`
      create table if not exists ${id(domain)}.schema_migrations (
        name text primary key, sha256 text not null, applied_at timestamptz not null default now());
      grant usage on schema ${id(domain)} to ${id(app)}, ${id(system)};
      grant usage, create on schema ${id(domain)} to ${id(lookup)};
      alter default privileges in schema ${id(domain)} grant select, insert, update, delete on tables to ${id(app)}, ${id(system)};
      alter default privileges in schema ${id(domain)} grant usage, select on sequences to ${id(app)}, ${id(system)};
      alter default privileges revoke execute on functions from public;
      alter default privileges in schema ${id(domain)} grant execute on functions to ${id(app)}, ${id(system)};`);
  });
}

async function ensure(admin: Admin, catalog: string, column: string, name: string, statement: string): Promise<void> {
  const known = await admin`select from ${admin(catalog)} where ${admin(column)} = ${name}`;
  if (known.length === 0) await admin.unsafe(statement);
}

interface Application {
  readonly prefix: string;
  readonly domain: string;
  readonly files: readonly MigrationFile[];
  readonly log: Logger;
}

async function applyAll(admin: Admin, { prefix, domain, files, log }: Application): Promise<void> {
  const applied = await appliedFiles(admin, prefix, domain);
  for (const file of files) {
    const hash = applied.get(file.name);
    if (hash === file.sha256) continue;
    if (hash !== undefined) {
      throw new OperatorError(
        `drizzle/${file.name} was changed after it had been applied to this database.`,
        'Restore the file, and put the change into a new migration.',
      );
    }
    await apply(admin, prefix, domain, file);
    log.info({ domain, path: file.name }, 'migration applied');
  }
}

const appliedFiles = (admin: Admin, prefix: string, domain: string): Promise<Map<string, string>> =>
  admin.begin(async (tx) => {
    await tx.unsafe(`set local role ${id(roleName({ prefix, domain, kind: 'owner' }))}`);
    const rows = await tx<{ name: string; sha256: string }[]>`select name, sha256 from ${tx(domain)}.schema_migrations`;
    return new Map(rows.map((row) => [row.name, row.sha256]));
  });

async function apply(admin: Admin, prefix: string, domain: string, file: MigrationFile): Promise<void> {
  const owner = id(roleName({ prefix, domain, kind: 'owner' }));
  const settings = `role = ${owner}; set local search_path = ${id(domain)}, extensions, pg_catalog`;
  const text = withVariables(file.text, variablesOf(prefix, domain));
  const record = (tx: TransactionSql) =>
    tx`insert into ${tx(domain)}.schema_migrations (name, sha256) values (${file.name}, ${file.sha256})`;
  try {
    if (file.inTransaction) {
      await admin.begin(async (tx) => {
        await tx.unsafe(`set local ${settings}`);
        await tx.unsafe(text);
        await record(tx);
      });
      return;
    }
    await admin.unsafe(`set ${settings.replaceAll('set local', 'set')}`);
    for (const statement of statementsOf(text)) await admin.unsafe(statement);
    await admin.begin(record);
  } catch (error) {
    throw new OperatorError(
      `drizzle/${file.name} failed: ${error instanceof Error ? error.message : String(error)}`,
      'Nothing of it was applied.',
      {
        cause: error,
      },
    );
  } finally {
    if (!file.inTransaction) await admin.unsafe('reset role; reset search_path');
  }
}
