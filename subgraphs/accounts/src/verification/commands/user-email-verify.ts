import { hashToken } from '@storegraph/auth';
import { fail, isRefusal, ok } from '@storegraph/core';
import { constraintOf } from '@storegraph/database';
import { emit, userEmailChanged, userEmailVerified } from '@storegraph/events';
import { validate, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import { callerUser, provenUser } from '../../caller.ts';
import type { UserEmailVerifyInput } from '../../generated/graphql.ts';
import { oneTimeTokenOwner, verifyEmail } from '../../lookups.ts';
import { limitTokens } from '../limit.ts';
import { maxTokenLength } from '../tokens.ts';

const shape = z.object({ token: z.string().min(1).max(maxTokenLength) });

export async function userEmailVerify(ctx: Context, input: UserEmailVerifyInput) {
  const checked = validate(shape, input);
  if (isRefusal(checked)) return checked;
  const hash = hashToken(checked.value.token);
  return limitTokens(ctx, async () => {
    const owner = await ctx.db.read((tx) => oneTimeTokenOwner(tx, hash));
    // A session of the user's own shows that it is they who signed up with the address: else anybody could, and wait until its owner follows the link.
    if (!owner || callerUser(ctx.identity) !== owner.userId) return refused();
    try {
      return await ctx.as(provenUser(owner.userId)).db.write(async (tx) => {
        const verified = await verifyEmail(tx, hash, ctx.clock.now());
        if (!verified) return refused();
        const { userId, email, formerEmail } = verified;
        const changed = email === formerEmail ? [] : [userEmailChanged({ userId }, { personal: { email, formerEmail } })];
        await emit(tx, userEmailVerified({ userId }, { personal: { email } }), ...changed);
        return ok(true);
      });
    } catch (error) {
      if (constraintOf(error) !== 'users_email_unique') throw error;
      return fail('EMAIL_TAKEN', 'Another user has this address by now.', ['token']);
    }
  });
}

const refused = () => fail('INVALID_TOKEN', 'The token is not good any more. Ask for another one.', ['token']);
