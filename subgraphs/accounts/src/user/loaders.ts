import type { UserId } from '@storegraph/core';
import { inOrder, loader, type LoadContext } from '@storegraph/subgraph';
import { profiles } from '../lookups.ts';

export const userLoaders = (ctx: LoadContext) => ({
  /** The people whom the caller may know; null for the others. */
  byId: loader(ctx, async (ids: readonly UserId[]) => inOrder(ids, await ctx.db.read((tx) => profiles(tx, ids)), (person) => person.id)),
});
