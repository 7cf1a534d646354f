import { PasswordsBusy, verifyPassword } from '@storegraph/auth';
import type { Id } from '@storegraph/core';
import type { Context } from '@storegraph/subgraph';
import type { LogInCandidate } from '../lookups.ts';
import { settleAttempt } from './attempts.ts';

/**
 * The user, if the password is theirs. An unknown address costs the same time as a wrong password, and so does a user who is locked out. A failure
 * is settled here; where there is no verdict (too many wait, the caller is gone) there is no failure to count either.
 */
export async function provePassword(
  ctx: Context,
  attemptId: Id<'att'>,
  candidate: LogInCandidate | undefined,
  password: string,
): Promise<LogInCandidate | undefined> {
  const fits = await verifyPassword(candidate?.passwordHash ?? null, password, { signal: ctx.signal }).catch(async (error: unknown) => {
    if (error instanceof PasswordsBusy) await settleAttempt(ctx, attemptId, 'NONE');
    throw error;
  });
  if (fits && candidate?.active) return candidate;
  await settleAttempt(ctx, attemptId, 'FAILED');
  return undefined;
}
