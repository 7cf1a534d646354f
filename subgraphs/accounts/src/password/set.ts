import type { UserId } from '@storegraph/core';
import type { Tx } from '@storegraph/database';
import { emit, passwordChanged } from '@storegraph/events';
import { and, eq, sql, type SQL } from 'drizzle-orm';
import { revokeAll } from '../session/revoke.ts';
import { passwords } from '../user/tables.ts';
import { lockUser } from '../user/lock.ts';
import { endTokens } from '../verification/tokens.ts';

interface Change {
  readonly hash: string;
  /** Only in place of this one: of two changes at once the second is refused. */
  readonly generation?: number;
  readonly keep: Parameters<typeof revokeAll>[2]['keep'];
  readonly reason: 'PASSWORD_CHANGED' | 'PASSWORD_RESET';
  readonly now: Date;
}

/**
 * Sets the password of the transaction's user, ends their sessions but the one to keep and whatever was sent to them, and has them told. False when
 * the password is another one by now.
 */
export async function setPassword(tx: Tx, userId: UserId, { hash, generation, keep, reason, now }: Change): Promise<boolean> {
  const user = await lockUser(tx, userId);
  const isIt: SQL | undefined = and(
    eq(passwords.userId, userId),
    generation === undefined ? undefined : eq(passwords.generation, generation),
  );
  // The password before the sessions: a log-in with the former one has begun its session by then, or finds that it does not stand.
  const changed = await tx
    .update(passwords)
    .set({ hash, generation: sql`${passwords.generation} + 1`, changedAt: now })
    .where(isIt)
    .returning({ userId: passwords.userId });
  if (!user?.active || changed.length === 0) return false;
  await revokeAll(tx, userId, { keep, reason, now });
  await endTokens(tx, userId, now);
  await emit(tx, passwordChanged({ userId, locale: user.locale, reset: reason === 'PASSWORD_RESET' }, { personal: { email: user.email } }));
  return true;
}
