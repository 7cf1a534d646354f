import type { Id, UserId } from '@storegraph/core';
import { one, type Tx } from '@storegraph/database';
import { emit, sessionRevoked, signal } from '@storegraph/events';
import { eq } from 'drizzle-orm';
import { refreshTokens, sessions } from './tables.ts';

export type SessionRow = typeof sessions.$inferSelect;

/** Ends a session of the transaction's user. Gateways drop what they remember of it as soon as this is committed. */
export async function revoke(
  tx: Tx,
  session: { readonly id: Id<'ses'>; readonly userId: UserId },
  reason: 'LOGGED_OUT' | 'TOKEN_REUSED',
  now: Date,
): Promise<SessionRow> {
  const { id, userId } = session;
  const ended = one(await tx.update(sessions).set({ revokedAt: now, revokedReason: reason }).where(eq(sessions.id, id)).returning());
  await tx.update(refreshTokens).set({ successorSealed: null }).where(eq(refreshTokens.sessionId, id));
  await emit(tx, sessionRevoked({ userId, sessionId: id, reason }));
  await signal(tx, 'credentials', { sessionId: id });
  return ended;
}

/** A session of the transaction's user, locked: of two calls about one session the second sees what the first has done. */
export async function lockSession(tx: Tx, id: Id<'ses'>): Promise<SessionRow | undefined> {
  const [session] = await tx.select().from(sessions).where(eq(sessions.id, id)).for('update');
  return session;
}
