import { randomBytes } from 'node:crypto';
import type { Sql } from 'postgres';
import { asAdmin, openAdmin } from './migrate/admin.ts';
import { migrate, type MigrateOptions } from './migrate/migrate.ts';
import { identifier } from './migrate/names.ts';

const templateName = 'storegraph_template';

/** Makes a migrated database that tests are cloned from, anew if there was one. Roles belong to the server: all clones share them. */
export async function prepareTemplate({
  adminUrl,
  template = templateName,
  ...options
}: MigrateOptions & { readonly template?: string }): Promise<void> {
  await asAdmin(adminUrl, async (admin) => {
    await admin.unsafe(`drop database if exists ${identifier(template)} with (force)`);
    await admin.unsafe(`create database ${identifier(template)}`);
  });
  await migrate({ ...options, adminUrl: inDatabase(adminUrl, template) });
}

export interface TestClone {
  readonly adminUrl: string;
  /** Asks as the administrator. */
  admin<Row extends Record<string, unknown> = Record<string, unknown>>(statement: string, parameters?: readonly unknown[]): Promise<Row[]>;
  drop(): Promise<void>;
}

/** A database of a test's own, copied from the template within a tenth of a second. */
export async function cloneTemplate(adminUrl: string, template: string = templateName): Promise<TestClone> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await asAdmin(adminUrl, (admin) => admin.unsafe(`create database ${identifier(name)} template ${identifier(template)} strategy wal_log`));
  const cloneUrl = inDatabase(adminUrl, name);
  let open: Sql | undefined;
  return {
    adminUrl: cloneUrl,
    async admin<Row extends Record<string, unknown>>(statement: string, parameters: readonly unknown[] = []) {
      open ??= openAdmin(cloneUrl);
      const rows = await open.unsafe<Row[]>(statement, parameters.map(asParameter));
      return [...rows];
    },
    async drop() {
      await open?.end({ timeout: 5 });
      await asAdmin(adminUrl, (admin) => admin.unsafe(`drop database if exists ${identifier(name)} with (force)`));
    },
  };
}

type Parameter = string | number | boolean | Date | null;

const asParameter = (value: unknown): Parameter => {
  if (value === null || value === undefined) return null;
  if (typeof value === 'object' && !(value instanceof Date)) return JSON.stringify(value);
  return typeof value === 'bigint' ? String(value) : (value as Parameter);
};

function inDatabase(adminUrl: string, name: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.href;
}
