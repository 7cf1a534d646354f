import type { Id } from '@storegraph/core';
import { own } from '@storegraph/database';
import { grouped, loader, type LoadContext } from '@storegraph/subgraph';
import { and, desc, gt, inArray, isNull } from 'drizzle-orm';
import { sessions } from './tables.ts';

/** An account that is logged in more often than this is a program's. */
const mostSessions = 100;

export const loaders = (ctx: LoadContext) => ({
  /** The live sessions, the one last used first. */
  byAccount: loader(ctx, async (ids: readonly Id<'acc'>[]) => {
    const isLive = and(inArray(sessions.accountId, [...ids]), isNull(sessions.revokedAt), gt(sessions.expiresAt, ctx.clock.now()));
    const rows = await ctx.db.read((tx) =>
      tx
        .select()
        .from(sessions)
        .where(own(tx, sessions, isLive))
        .orderBy(desc(sessions.lastUsedAt), desc(sessions.id)),
    );
    return grouped(ids, rows, (session) => session.accountId).map((live) => live.slice(0, mostSessions));
  }),
});
