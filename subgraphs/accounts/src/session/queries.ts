import { system } from '@storegraph/auth';
import type { UserId } from '@storegraph/core';
import { descending, keyset, type Connection, type PageArguments } from '@storegraph/database';
import { orThrow, type Context } from '@storegraph/subgraph';
import { and, desc, eq, gt, isNull } from 'drizzle-orm';
import { callerUser } from '../caller.ts';
import { attempts, sessions } from './tables.ts';

/** The live sessions of the user who asks, the one last used first. */
export async function ownSessions({ db, identity, clock }: Context) {
  const userId = callerUser(identity);
  if (!userId) return [];
  const isLive = and(eq(sessions.userId, userId), isNull(sessions.revokedAt), gt(sessions.expiresAt, clock.now()));
  return db.read((tx) => tx.select().from(sessions).where(isLive).orderBy(desc(sessions.lastUsedAt), desc(sessions.id)).limit(maxSessions));
}

const maxSessions = 100;

export type AttemptRow = typeof attempts.$inferSelect;

/** What was tried on the person's account, the latest first, for that person alone; null for everybody else. Reads as the kernel, whose the table is. */
export async function ownLogInAttempts(ctx: Context, userId: UserId, page: PageArguments): Promise<Connection<AttemptRow> | null> {
  if (callerUser(ctx.identity) !== userId) return null;
  const sort = [descending(attempts.attemptedAt)];
  const part = orThrow(keyset(page, { table: attempts, sort, id: attempts.id }));
  const isOwn = and(eq(attempts.purpose, 'LOG_IN'), eq(attempts.userId, userId));
  const { db } = ctx.as(system(null));
  const rows = await db.read((tx) =>
    tx
      .select()
      .from(attempts)
      .where(and(isOwn, part.where))
      .orderBy(...part.orderBy)
      .limit(part.limit),
  );
  return part.connection(rows, () => db.read((tx) => tx.$count(attempts, isOwn)));
}
