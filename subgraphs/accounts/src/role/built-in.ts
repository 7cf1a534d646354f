import type { RoleName } from '@storegraph/auth';
import { newId, type Id } from '@storegraph/core';
import { owned, type Tx } from '@storegraph/database';
import { roles } from './tables.ts';

const names = { OWNER: 'Owner', ADMIN: 'Admin', MANAGER: 'Manager', AGENT: 'Agent' } as const satisfies Record<RoleName, string>;

/** Gives the transaction's new store its built-in roles. */
export async function addBuiltInRoles(tx: Tx): Promise<Record<RoleName, Id<'rol'>>> {
  const ids = { OWNER: newId('rol'), ADMIN: newId('rol'), MANAGER: newId('rol'), AGENT: newId('rol') };
  const keys: RoleName[] = ['OWNER', 'ADMIN', 'MANAGER', 'AGENT'];
  await tx.insert(roles).values(keys.map((key) => owned(tx, { id: ids[key], key, name: names[key] })));
  return ids;
}
