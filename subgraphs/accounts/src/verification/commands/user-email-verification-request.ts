import { fail, isRefusal, ok } from '@storegraph/core';
import { emit } from '@storegraph/events';
import { email, validate, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import { callerUser } from '../../caller.ts';
import type { UserEmailVerificationRequestInput } from '../../generated/graphql.ts';
import { beginAttempt } from '../../session/attempts.ts';
import { verificationRequest } from '../request.ts';
import { lockUser } from '../../user/lock.ts';

const shape = z.object({ email });

export async function userEmailVerificationRequest(ctx: Context, input: UserEmailVerificationRequestInput) {
  const checked = validate(shape, input);
  if (isRefusal(checked)) return checked;
  const userId = callerUser(ctx.identity);
  if (!userId) return fail('ADDRESS_CHANGED', 'Only a user has an address to verify.');
  const attempt = await beginAttempt(ctx, 'MAIL', userId, () => Promise.resolve());
  if (isRefusal(attempt)) return attempt;
  return ctx.db.write(async (tx) => {
    const user = await lockUser(tx, userId);
    if (user?.email !== checked.value.email) return fail('ADDRESS_CHANGED', 'This is not your address.', ['email']);
    if (user.emailVerifiedAt !== null) return fail('ALREADY_VERIFIED', 'The address is verified.', ['email']);
    await emit(tx, await verificationRequest(tx, { userId, ...user }, ctx.services.sealer, ctx.clock.now()));
    return ok(true);
  });
}
