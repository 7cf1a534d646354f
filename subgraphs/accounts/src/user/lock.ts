import type { UserId } from '@storegraph/core';
import type { Tx } from '@storegraph/database';
import { eq } from 'drizzle-orm';
import { users } from './tables.ts';

/**
 * The user, locked until the transaction's end. Whatever decides by a person's password, tokens or second factors, or changes them, locks the person
 * before any other row of theirs: so one comes after the other, and none waits for the other's second row.
 */
export async function lockUser(tx: Tx, userId: UserId) {
  const { email, locale, active, emailVerifiedAt } = users;
  const [user] = await tx
    .select({ email, locale, active, emailVerifiedAt })
    .from(users)
    .where(eq(users.userId, userId))
    .for('no key update');
  return user;
}
