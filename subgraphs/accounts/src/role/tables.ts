import { tenantTable, timestamps, typeId } from '@storegraph/database';
import { sql } from 'drizzle-orm';
import { check, text, unique } from 'drizzle-orm/pg-core';
import { accountsSchema } from '../schema.ts';

/** `key` names a built-in role, whose grants come with the program; a role of the store's own lists its permissions. */
export const roles = tenantTable(
  accountsSchema,
  'roles',
  {
    id: typeId('rol').notNull(),
    key: text({ enum: ['OWNER', 'ADMIN', 'MANAGER', 'AGENT'] }),
    name: text().notNull(),
    permissions: text().array().notNull().default([]),
    ...timestamps,
  },
  (t) => [
    unique('roles_name_unique').on(t.storeId, t.name),
    unique('roles_key_unique').on(t.storeId, t.key),
    check('roles_key', sql`${t.key} in ('OWNER', 'ADMIN', 'MANAGER', 'AGENT')`),
    check('roles_built_in_has_no_list', sql`${t.key} is null or ${t.permissions} = '{}'`),
  ],
);
