import type { Id } from '@storegraph/core';
import { first, own, type Tx } from '@storegraph/database';
import { inOrder, loader, type Context, type LoadContext } from '@storegraph/subgraph';
import { asc, count, eq, inArray, isNull, ne } from 'drizzle-orm';
import { callerStore } from '../caller.ts';
import { members } from '../member/tables.ts';
import { stores } from '../store/tables.ts';
import { roles } from './tables.ts';

export type RoleRow = typeof roles.$inferSelect;

export const roleLoaders = (ctx: LoadContext) => ({
  /** Deleted ones too: whoever had one still shows it. */
  byId: loader(ctx, async (ids: readonly Id<'rol'>[]) => {
    if (ctx.identity.storeId === null) return ids.map(() => null);
    const rows = await ctx.db.read((tx) =>
      tx
        .select()
        .from(roles)
        .where(own(tx, roles, inArray(roles.id, [...ids]))),
    );
    return inOrder(ids, rows, (row) => row.id);
  }),
  memberCount: loader(ctx, async (ids: readonly Id<'rol'>[]) => {
    if (ctx.identity.storeId === null) return ids.map(() => 0);
    const rows = await ctx.db.read((tx) =>
      tx
        .select({ id: members.roleId, members: count() })
        .from(members)
        .where(own(tx, members, inArray(members.roleId, [...ids]), ne(members.status, 'REMOVED')))
        .groupBy(members.roleId),
    );
    const counts = new Map(rows.map((row) => [row.id, row.members]));
    return ids.map((id) => counts.get(id) ?? 0);
  }),
});

const rank: readonly (string | null)[] = ['OWNER', 'ADMIN', 'MANAGER', 'AGENT', null];

/** Every role of the caller's store, the built-in ones first, from most to least rights. */
export async function listRoles({ db, identity }: Context): Promise<RoleRow[]> {
  callerStore(identity);
  const rows = await db.read((tx) =>
    tx
      .select()
      .from(roles)
      .where(own(tx, roles, isNull(roles.deletedAt)))
      .orderBy(asc(roles.name)),
  );
  return rows.toSorted((a, b) => rank.indexOf(a.key) - rank.indexOf(b.key));
}

/** A role that can be given. */
export const findRole = async (tx: Tx, id: Id<'rol'>): Promise<RoleRow | undefined> =>
  first(
    await tx
      .select()
      .from(roles)
      .where(own(tx, roles, eq(roles.id, id), isNull(roles.deletedAt))),
  );

export const builtInRole = async (tx: Tx, key: 'OWNER' | 'ADMIN'): Promise<RoleRow | undefined> =>
  first(
    await tx
      .select()
      .from(roles)
      .where(own(tx, roles, eq(roles.key, key))),
  );

/**
 * Locks the store's row, before anything that is decided by its members or roles: such changes come one after the other, so that two owners can't
 * remove each other at the same moment, and nobody gets a role that is being deleted.
 */
export async function lockPeople(tx: Tx): Promise<void> {
  await tx.select({ id: stores.id }).from(stores).where(own(tx, stores)).for('update');
}
