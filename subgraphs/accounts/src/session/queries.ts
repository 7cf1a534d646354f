import type { Context } from '@storegraph/subgraph';
import { and, desc, eq, gt, isNull } from 'drizzle-orm';
import { callerUser } from '../caller.ts';
import { sessions } from './tables.ts';

/** The live sessions of the user who asks, the one last used first. */
export async function ownSessions({ db, identity, clock }: Context) {
  const userId = callerUser(identity);
  if (!userId) return [];
  const isLive = and(eq(sessions.userId, userId), isNull(sessions.revokedAt), gt(sessions.expiresAt, clock.now()));
  return db.read((tx) => tx.select().from(sessions).where(isLive).orderBy(desc(sessions.lastUsedAt), desc(sessions.id)).limit(maxSessions));
}

const maxSessions = 100;
