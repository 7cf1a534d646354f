import type { Id, UserId } from '@storegraph/core';
import { one, type Tx } from '@storegraph/database';
import { emit, sessionRevoked, signal } from '@storegraph/events';
import { and, eq, gt, inArray, isNull, ne } from 'drizzle-orm';
import { refreshTokens, sessions } from './tables.ts';

export type SessionRow = typeof sessions.$inferSelect;
type Reason = NonNullable<SessionRow['revokedReason']>;

/** Ends a session of the transaction's user. Gateways drop what they remember of it as soon as this is committed. */
export async function revoke(
  tx: Tx,
  session: { readonly id: Id<'ses'>; readonly userId: UserId },
  reason: Reason,
  now: Date,
): Promise<SessionRow> {
  const { id, userId } = session;
  const ended = one(await tx.update(sessions).set({ revokedAt: now, revokedReason: reason }).where(eq(sessions.id, id)).returning());
  await tx.update(refreshTokens).set({ successorSealed: null }).where(eq(refreshTokens.sessionId, id));
  await emit(tx, sessionRevoked({ userId, sessionId: id, reason }));
  await signal(tx, 'credentials', { sessionId: id });
  return ended;
}

/** Ends every live session of the transaction's user, but the one to keep. Gives those that it ended. */
export async function revokeAll(
  tx: Tx,
  userId: UserId,
  { keep, reason, now }: { readonly keep: Id<'ses'> | null; readonly reason: Reason; readonly now: Date },
): Promise<readonly SessionRow[]> {
  const isLive = and(eq(sessions.userId, userId), isNull(sessions.revokedAt), gt(sessions.expiresAt, now));
  const others = keep === null ? isLive : and(isLive, ne(sessions.id, keep));
  const ended = await tx.update(sessions).set({ revokedAt: now, revokedReason: reason }).where(others).returning();
  if (ended.length === 0) return ended;
  const ids = ended.map(({ id }) => id);
  await tx.update(refreshTokens).set({ successorSealed: null }).where(inArray(refreshTokens.sessionId, ids));
  await emit(tx, ...ids.map((sessionId) => sessionRevoked({ userId, sessionId, reason })));
  await signal(tx, 'credentials', { subjectId: userId });
  return ended;
}

/** A session of the transaction's user, locked: of two calls about one session the second sees what the first has done. */
export async function lockSession(tx: Tx, id: Id<'ses'>): Promise<SessionRow | undefined> {
  const [session] = await tx.select().from(sessions).where(eq(sessions.id, id)).for('update');
  return session;
}
