import { hashPassword, hashToken } from '@storegraph/auth';
import { fail, isRefusal, ok } from '@storegraph/core';
import { emit, userEmailVerified } from '@storegraph/events';
import { validate, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import { provenUser } from '../../caller.ts';
import type { PasswordResetInput } from '../../generated/graphql.ts';
import { oneTimeTokenOwner, usePasswordReset } from '../../lookups.ts';
import { dropSecondFactors } from '../../totp/second-factor.ts';
import { lockUser } from '../../user/lock.ts';
import { tooShort, typedPassword } from '../../user/user.ts';
import { limitTokens } from '../../verification/limit.ts';
import { maxTokenLength } from '../../verification/tokens.ts';
import { setPassword } from '../set.ts';

const shape = z.object({ token: z.string().min(1).max(maxTokenLength), newPassword: typedPassword });

/**
 * The second factor stays: a mailbox alone is never enough for an account that has one. Unless the mailbox was never shown to be the user's: then the
 * account may be a stranger's who signed up with the address of somebody else, and its owner is not to be kept out by the stranger's second factor.
 */
export async function passwordReset(ctx: Context, input: PasswordResetInput) {
  const checked = validate(shape, input);
  if (isRefusal(checked)) return checked;
  const { token, newPassword } = checked.value;
  const short = tooShort(newPassword, 'newPassword');
  if (short) return short;
  return limitTokens(ctx, async () => {
    const tokenHash = hashToken(token);
    const owner = await ctx.db.read((tx) => oneTimeTokenOwner(tx, tokenHash));
    if (owner?.purpose !== 'PASSWORD_RESET') return refused();
    const hash = await hashPassword(newPassword, { signal: ctx.signal });
    const { userId } = owner;
    return ctx.as(provenUser(userId)).db.write(async (tx) => {
      const now = ctx.clock.now();
      const user = await lockUser(tx, userId);
      const used = await usePasswordReset(tx, tokenHash, now);
      if (!user || !used || !(await setPassword(tx, userId, { hash, keep: null, reason: 'PASSWORD_RESET', now }))) return refused();
      if (used.firstProof) {
        await dropSecondFactors(tx, userId, user);
        await emit(tx, userEmailVerified({ userId }, { personal: { email: user.email } }));
      }
      return ok(true);
    });
  });
}

const refused = () => fail('INVALID_TOKEN', 'The token is not good any more. Ask for another one.', ['token']);
