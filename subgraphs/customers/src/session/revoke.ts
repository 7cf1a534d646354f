import type { CustomerId, Id } from '@storegraph/core';
import { own, type Tx } from '@storegraph/database';
import { customerSessionRevoked, emit, signal } from '@storegraph/events';
import { and, eq, inArray, isNull, ne, type SQL } from 'drizzle-orm';
import type { RevokedReason } from './session.ts';
import { refreshTokens, sessions } from './tables.ts';

export type SessionRow = typeof sessions.$inferSelect;

/** Ends one session. Gateways drop what they remember of it as soon as this is committed. */
export async function endSession(tx: Tx, { id }: Pick<SessionRow, 'id'>, reason: RevokedReason, now: Date): Promise<void> {
  const ended = await end(tx, eq(sessions.id, id), reason, now);
  if (ended.length > 0) await signal(tx, 'credentials', { sessionId: id });
}

/** Ends every session of a customer, or all but one. A customer who is locked can not log in meanwhile. Gives how many were live. */
export async function endSessions(
  tx: Tx,
  customerId: CustomerId,
  reason: RevokedReason,
  now: Date,
  { except }: { readonly except?: Id<'cse'> | undefined } = {},
): Promise<number> {
  const which = and(eq(sessions.customerId, customerId), except ? ne(sessions.id, except) : undefined);
  const ended = await end(tx, which, reason, now);
  if (ended.length > 0) await signal(tx, 'credentials', { subjectId: customerId });
  return ended.length;
}

async function end(tx: Tx, which: SQL | undefined, reason: RevokedReason, now: Date): Promise<Pick<SessionRow, 'id' | 'customerId'>[]> {
  const ended = await tx
    .update(sessions)
    .set({ revokedAt: now, revokedReason: reason })
    .where(own(tx, sessions, which, isNull(sessions.revokedAt)))
    .returning({ id: sessions.id, customerId: sessions.customerId });
  if (ended.length === 0) return ended;
  const ids = ended.map(({ id }) => id);
  await tx
    .update(refreshTokens)
    .set({ successorSealed: null })
    .where(own(tx, refreshTokens, inArray(refreshTokens.sessionId, ids)));
  await emit(tx, ...ended.map(({ id, customerId }) => customerSessionRevoked({ customerId, sessionId: id, reason })));
  return ended;
}

export async function findSession(tx: Tx, id: Id<'cse'>): Promise<SessionRow | undefined> {
  const [session] = await tx
    .select()
    .from(sessions)
    .where(own(tx, sessions, eq(sessions.id, id)));
  return session;
}

/** A session of the store, locked: of two refreshes the second sees what the first has done. */
export async function lockSession(tx: Tx, id: Id<'cse'>): Promise<SessionRow | undefined> {
  const [session] = await tx
    .select()
    .from(sessions)
    .where(own(tx, sessions, eq(sessions.id, id)))
    .for('update');
  return session;
}
