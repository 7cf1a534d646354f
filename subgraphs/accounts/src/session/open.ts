import { endOfLife, type TokenKind } from '@storegraph/auth';
import { newId, type Id, type StoreId, type UserId } from '@storegraph/core';
import type { Tx } from '@storegraph/database';
import type { Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { lockUser } from '../user/lock.ts';
import { passwords, users } from '../user/tables.ts';
import { sessions } from './tables.ts';
import { addRefreshToken, tokenKind, type RefreshToken } from './tokens.ts';

/** Of what a client says of itself no more is kept. */
export const maxAgentLength = 500;

export interface OpenedSession {
  readonly id: Id<'ses'>;
  readonly userId: UserId;
  readonly kind: TokenKind;
  readonly refresh: RefreshToken;
}

/** Begins a session of the transaction's user, who has proven who they are with every factor they have. */
export async function openSession(
  tx: Tx,
  { clock, ip, userAgent }: Context,
  userId: UserId,
  storeId: StoreId | null,
): Promise<OpenedSession> {
  const now = clock.now();
  const id = newId('ses');
  const expiresAt = endOfLife(now, now);
  const times = { createdAt: now, lastUsedAt: now, expiresAt };
  const agent = userAgent?.slice(0, maxAgentLength);
  await tx.insert(sessions).values({ id, userId, ...times, currentStoreId: storeId, ip, lastIp: ip, userAgent: agent });
  await tx.update(users).set({ lastLogInAt: now }).where(eq(users.userId, userId));
  return { id, userId, kind: await tokenKind(tx, userId), refresh: await addRefreshToken(tx, { id, userId, expiresAt }, now) };
}

/**
 * Whether the password that was checked is still the one, and the user still active; until the transaction's end nobody changes it. Who changes a
 * password ends the sessions after it: so none is begun with a password of before.
 */
export async function passwordStands(tx: Tx, userId: UserId, generation: number): Promise<boolean> {
  const user = await lockUser(tx, userId);
  const [now] = await tx.select({ generation: passwords.generation }).from(passwords).where(eq(passwords.userId, userId));
  return user?.active === true && now?.generation === generation;
}
