import { instant, typeId, userTable } from '@storegraph/database';
import { sql } from 'drizzle-orm';
import { bigint, check, index, text, unique } from 'drizzle-orm/pg-core';
import { accountsSchema } from '../schema.ts';
import { users } from '../user/tables.ts';

/** Authenticator apps. Log-in asks for the confirmed ones. */
export const totpDevices = userTable(
  accountsSchema,
  'totp_devices',
  {
    id: typeId('tot').primaryKey(),
    userId: typeId('usr')
      .notNull()
      .references(() => users.userId),
    name: text().notNull(),
    secretSealed: text().notNull(),
    confirmedAt: instant(),
    /** The time step whose code was taken last: no code of it, or of an earlier one, is taken again. */
    lastStep: bigint({ mode: 'number' }),
    lastUsedAt: instant(),
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [
    index('totp_devices_of_user').on(t.userId, t.createdAt),
    check('totp_devices_name', sql`length(${t.name}) between 1 and 100`),
    check('totp_devices_confirmed_by_a_code', sql`${t.confirmedAt} is null or ${t.lastStep} is not null`),
  ],
);

/** `codeHash` can be written and, through use_backup_code, looked up by; requests can't read it. */
export const backupCodes = userTable(
  accountsSchema,
  'backup_codes',
  {
    id: typeId('bkc').primaryKey(),
    userId: typeId('usr')
      .notNull()
      .references(() => users.userId),
    codeHash: text().notNull(),
    usedAt: instant(),
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [unique('backup_codes_hash_unique').on(t.userId, t.codeHash)],
);
