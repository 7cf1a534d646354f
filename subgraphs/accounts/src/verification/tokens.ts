import { oneTimeToken, oneTimeTokenLifeMs, type OneTimeToken } from '@storegraph/auth';
import { newId, type Id, type StoreId, type UserId } from '@storegraph/core';
import type { Tx } from '@storegraph/database';
import { and, eq, isNull } from 'drizzle-orm';
import { oneTimeTokens } from './tables.ts';

type Purpose = (typeof oneTimeTokens.$inferSelect)['purpose'];

const sorts = {
  EMAIL_VERIFICATION: ['ev', oneTimeTokenLifeMs.EMAIL_VERIFICATION],
  EMAIL_CHANGE: ['ev', oneTimeTokenLifeMs.EMAIL_VERIFICATION],
  PASSWORD_RESET: ['pr', oneTimeTokenLifeMs.PASSWORD_RESET],
  LOG_IN_CHALLENGE: ['lc', oneTimeTokenLifeMs.LOG_IN_CHALLENGE],
} as const satisfies Record<Purpose, readonly [string, number]>;

/** A new token that is sent to a user, who is locked. The earlier one of its purpose leads nowhere from now on. */
export async function issueToken(
  tx: Tx,
  userId: UserId,
  {
    purpose,
    email = null,
    now,
  }: { readonly purpose: Exclude<Purpose, 'LOG_IN_CHALLENGE'>; readonly email?: string | null; readonly now: Date },
): Promise<OneTimeToken> {
  await endTokens(tx, userId, now, purpose);
  const [prefix, lifeMs] = sorts[purpose];
  const made = oneTimeToken(prefix, lifeMs, now);
  const times = { createdAt: now, expiresAt: made.expiresAt };
  await tx.insert(oneTimeTokens).values({ id: newId('ott'), userId, purpose, email, tokenHash: made.hash, ...times });
  return made;
}

/** What a user who has given the right password holds until the second factor. */
export async function issueChallenge(
  tx: Tx,
  userId: UserId,
  { storeId, attemptId, now }: { readonly storeId: StoreId | null; readonly attemptId: Id<'att'>; readonly now: Date },
): Promise<OneTimeToken> {
  const [prefix, lifeMs] = sorts.LOG_IN_CHALLENGE;
  const made = oneTimeToken(prefix, lifeMs, now);
  const values = { storeId, attemptId, tokenHash: made.hash, createdAt: now, expiresAt: made.expiresAt };
  await tx.insert(oneTimeTokens).values({ id: newId('ott'), userId, purpose: 'LOG_IN_CHALLENGE', ...values });
  return made;
}

/** Ends the user's open tokens: of one purpose, or all, challenges too. */
export async function endTokens(tx: Tx, userId: UserId, now: Date, purpose?: Purpose): Promise<void> {
  const isOpen = and(eq(oneTimeTokens.userId, userId), isNull(oneTimeTokens.usedAt), isNull(oneTimeTokens.endedAt));
  const which = purpose ? and(isOpen, eq(oneTimeTokens.purpose, purpose)) : isOpen;
  await tx.update(oneTimeTokens).set({ endedAt: now }).where(which);
}

/** The shape of a token that came by mail. */
export const maxTokenLength = 200;
