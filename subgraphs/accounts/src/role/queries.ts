import type { Id } from '@storegraph/core';
import { first, own, type Tx } from '@storegraph/database';
import { inOrder, loader, type Context, type LoadContext } from '@storegraph/subgraph';
import { asc, eq, inArray } from 'drizzle-orm';
import { callerStore } from '../caller.ts';
import { roles } from './tables.ts';

export type RoleRow = typeof roles.$inferSelect;

export const roleLoaders = (ctx: LoadContext) => ({
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
});

const rank: readonly (string | null)[] = ['OWNER', 'ADMIN', 'MANAGER', 'AGENT', null];

/** Every role of the caller's store, the built-in ones first, from most to least rights. */
export async function listRoles({ db, identity }: Context): Promise<RoleRow[]> {
  callerStore(identity);
  const rows = await db.read((tx) => tx.select().from(roles).where(own(tx, roles)).orderBy(asc(roles.name)));
  return rows.toSorted((a, b) => rank.indexOf(a.key) - rank.indexOf(b.key));
}

export const findRole = async (tx: Tx, id: Id<'rol'>): Promise<RoleRow | undefined> =>
  first(
    await tx
      .select()
      .from(roles)
      .where(own(tx, roles, eq(roles.id, id))),
  );
