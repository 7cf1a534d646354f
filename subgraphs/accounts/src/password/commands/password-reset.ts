import { hashPassword, hashToken } from '@storegraph/auth';
import { fail, isRefusal, ok } from '@storegraph/core';
import { validate, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import { provenUser } from '../../caller.ts';
import type { PasswordResetInput } from '../../generated/graphql.ts';
import { oneTimeTokenOwner } from '../../lookups.ts';
import { lockUser } from '../../user/lock.ts';
import { tooShort, typedPassword } from '../../user/user.ts';
import { limitTokens } from '../../verification/limit.ts';
import { consumeToken, maxTokenLength } from '../../verification/tokens.ts';
import { setPassword } from '../set.ts';

const shape = z.object({ token: z.string().min(1).max(maxTokenLength), newPassword: typedPassword });

/** The second factor stays: a mailbox alone is never enough for an account that has one. */
export async function passwordReset(ctx: Context, input: PasswordResetInput) {
  const checked = validate(shape, input);
  if (isRefusal(checked)) return checked;
  const { token, newPassword } = checked.value;
  const short = tooShort(newPassword, 'newPassword');
  if (short) return short;
  return limitTokens(ctx, async () => {
    const owner = await ctx.db.read((tx) => oneTimeTokenOwner(tx, hashToken(token)));
    if (owner?.purpose !== 'PASSWORD_RESET') return refused();
    const hash = await hashPassword(newPassword, { signal: ctx.signal });
    const { userId, tokenId } = owner;
    return ctx.as(provenUser(userId)).db.write(async (tx) => {
      const now = ctx.clock.now();
      await lockUser(tx, userId);
      const isGood = await consumeToken(tx, tokenId, now);
      const isSet = isGood && (await setPassword(tx, userId, { hash, keep: null, reason: 'PASSWORD_RESET', now }));
      return isSet ? ok(true) : refused();
    });
  });
}

const refused = () => fail('INVALID_TOKEN', 'The token is not good any more. Ask for another one.', ['token']);
