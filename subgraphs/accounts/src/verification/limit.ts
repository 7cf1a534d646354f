import { isRefusal, type Result } from '@storegraph/core';
import type { Context } from '@storegraph/subgraph';
import { beginAttempt, settleAttempt } from '../session/attempts.ts';

/** Lets an address of the network try only so many tokens that are none. */
export async function limitTokens<T, Code extends string>(
  ctx: Context,
  work: () => Promise<Result<T, Code>>,
): Promise<Result<T, Code | 'TOO_MANY_ATTEMPTS'>> {
  if (ctx.ip === null) return work();
  const attempt = await beginAttempt(ctx, 'TOKEN', ctx.ip, () => Promise.resolve());
  if (isRefusal(attempt)) return attempt;
  const result = await work();
  const isGuess = isRefusal(result) && result.problems.some(({ code }) => code === 'INVALID_TOKEN');
  await settleAttempt(ctx, attempt.value.attemptId, isGuess ? 'FAILED' : 'SUCCEEDED');
  return result;
}
