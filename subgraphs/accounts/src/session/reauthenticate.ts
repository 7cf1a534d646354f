import { fail, isRefusal, ok, type Result, type UserId } from '@storegraph/core';
import type { Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { callerUser } from '../caller.ts';
import { logInCandidate } from '../lookups.ts';
import { users } from '../user/tables.ts';
import { beginAttempt, settleAttempt } from './attempts.ts';
import { provePassword } from './prove-password.ts';

export const wrongPassword = () => fail('INVALID_CREDENTIALS', 'The password is wrong.', ['currentPassword']);

/** Has the caller show that they know their password: a session that somebody found open is not enough for what would shut its owner out. */
export async function reauthenticate(
  ctx: Context,
  currentPassword: string,
): Promise<Result<{ userId: UserId; generation: number }, 'INVALID_CREDENTIALS' | 'TOO_MANY_ATTEMPTS'>> {
  const userId = callerUser(ctx.identity);
  if (!userId) return wrongPassword();
  const attempt = await beginAttempt(ctx, 'REAUTHENTICATION', userId, async (tx) => {
    const [user] = await tx.select({ email: users.email }).from(users).where(eq(users.userId, userId));
    return user && logInCandidate(tx, user.email);
  });
  if (isRefusal(attempt)) return attempt;
  const { attemptId, found } = attempt.value;
  const user = await provePassword(ctx, attemptId, found, currentPassword);
  if (!user) return wrongPassword();
  await settleAttempt(ctx, attemptId, 'SUCCEEDED');
  return ok({ userId, generation: user.passwordGeneration });
}
