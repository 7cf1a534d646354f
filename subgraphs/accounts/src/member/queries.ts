import type { Id } from '@storegraph/core';
import { first, own, type Tx } from '@storegraph/database';
import { inOrder, loader, type LoadContext } from '@storegraph/subgraph';
import { and, count, eq, inArray, ne } from 'drizzle-orm';
import { lockPeople } from '../role/queries.ts';
import { permissionsOf } from '../role/role.ts';
import { roles } from '../role/tables.ts';
import type { MemberState } from './member.ts';
import { members } from './tables.ts';

export type MemberRow = typeof members.$inferSelect;

export const memberLoaders = (ctx: LoadContext) => ({
  byId: loader(ctx, async (ids: readonly Id<'mem'>[]) => {
    if (ctx.identity.storeId === null) return ids.map(() => null);
    const rows = await ctx.db.read((tx) =>
      tx
        .select()
        .from(members)
        .where(own(tx, members, inArray(members.id, [...ids]))),
    );
    return inOrder(ids, rows, (row) => row.id);
  }),
  /** Whether a member is the only active owner. */
  isLastOwner: loader(ctx, (ids: readonly Id<'mem'>[]) =>
    ctx.db.read(async (tx) => {
      const owners = await activeOwners(tx);
      return ids.map((id) => owners.length === 1 && owners[0] === id);
    }),
  ),
});

async function activeOwners(tx: Tx): Promise<Id<'mem'>[]> {
  const rows = await tx
    .select({ id: members.id })
    .from(members)
    .innerJoin(roles, and(eq(roles.storeId, members.storeId), eq(roles.id, members.roleId)))
    .where(own(tx, members, eq(members.status, 'ACTIVE'), eq(roles.key, 'OWNER')))
    .limit(2);
  return rows.map((row) => row.id);
}

/** A member and the role, for a change: of two changes of a store's members, the second sees what the first has done. */
export async function memberForChange(tx: Tx, id: Id<'mem'>) {
  await lockPeople(tx);
  const found = first(
    await tx
      .select({ member: members, role: roles })
      .from(members)
      .innerJoin(roles, and(eq(roles.storeId, members.storeId), eq(roles.id, members.roleId)))
      .where(own(tx, members, eq(members.id, id))),
  );
  if (!found) return undefined;
  const { member, role } = found;
  const isLastOwner = role.key === 'OWNER' && member.status === 'ACTIVE' && (await otherOwners(tx, id)) === 0;
  const state: MemberState = { status: member.status, permissions: permissionsOf(role), isLastOwner };
  return { member, role, state };
}

async function otherOwners(tx: Tx, id: Id<'mem'>): Promise<number> {
  const [row] = await tx
    .select({ others: count() })
    .from(members)
    .innerJoin(roles, and(eq(roles.storeId, members.storeId), eq(roles.id, members.roleId)))
    .where(own(tx, members, eq(members.status, 'ACTIVE'), ne(members.id, id), eq(roles.key, 'OWNER')));
  return row?.others ?? 0;
}
