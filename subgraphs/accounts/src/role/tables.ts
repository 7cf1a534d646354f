import { instant, tenantTable, timestamps, typeId } from '@storegraph/database';
import { sql } from 'drizzle-orm';
import { check, text, unique, uniqueIndex } from 'drizzle-orm/pg-core';
import { accountsSchema } from '../schema.ts';

/** `key` names a built-in role, whose grants come with the program; a role of the store's own lists its permissions. */
export const roles = tenantTable(
  accountsSchema,
  'roles',
  {
    id: typeId('rol').notNull(),
    key: text({ enum: ['OWNER', 'ADMIN', 'MANAGER', 'AGENT'] }),
    name: text().notNull(),
    description: text(),
    permissions: text().array().notNull().default([]),
    /** A role that is gone stays as a row: former members and old invitations still name it. Nobody active has it. */
    deletedAt: instant(),
    ...timestamps,
  },
  (t) => [
    uniqueIndex('roles_name_unique')
      .on(t.storeId, sql`lower(${t.name})`)
      .where(sql`${t.deletedAt} is null`),
    unique('roles_key_unique').on(t.storeId, t.key),
    check('roles_key', sql`${t.key} in ('OWNER', 'ADMIN', 'MANAGER', 'AGENT')`),
    check('roles_built_in_has_no_list', sql`${t.key} is null or ${t.permissions} = '{}'`),
    check('roles_built_in_stay', sql`${t.key} is null or ${t.deletedAt} is null`),
  ],
);
