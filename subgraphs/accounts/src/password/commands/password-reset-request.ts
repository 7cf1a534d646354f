import { system } from '@storegraph/auth';
import { isRefusal, ok } from '@storegraph/core';
import { enqueue } from '@storegraph/jobs';
import { email, validate, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import type { PasswordResetRequestInput } from '../../generated/graphql.ts';
import { logInCandidate } from '../../lookups.ts';
import { beginAttempt } from '../../session/attempts.ts';
import { sendReset } from '../jobs.ts';

const shape = z.object({ email });

/** Does the same for every address: notes the request and leaves the rest to a job. */
export async function passwordResetRequest(ctx: Context, input: PasswordResetRequestInput) {
  const checked = validate(shape, input);
  if (isRefusal(checked)) return checked;
  const { email: address } = checked.value;
  const attempt = await beginAttempt(
    ctx,
    'PASSWORD_RESET',
    address,
    (tx) => logInCandidate(tx, address),
    (found) => found?.userId,
  );
  if (isRefusal(attempt)) return attempt;
  const { attemptId } = attempt.value;
  await ctx.as(system(null)).db.write((tx) => enqueue(tx, sendReset, { attemptId }));
  return ok(true);
}
