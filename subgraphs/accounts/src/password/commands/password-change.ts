import { hashPassword } from '@storegraph/auth';
import { isRefusal, ok } from '@storegraph/core';
import { validate, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import { callerSession } from '../../caller.ts';
import type { PasswordChangeInput } from '../../generated/graphql.ts';
import { reauthenticate, wrongPassword } from '../../session/reauthenticate.ts';
import { tooShort, typedPassword } from '../../user/user.ts';
import { setPassword } from '../set.ts';

const shape = z.object({ currentPassword: typedPassword, newPassword: typedPassword });

export async function passwordChange(ctx: Context, input: PasswordChangeInput) {
  const checked = validate(shape, input);
  if (isRefusal(checked)) return checked;
  const { currentPassword, newPassword } = checked.value;
  const short = tooShort(newPassword, 'newPassword');
  if (short) return short;
  const proven = await reauthenticate(ctx, currentPassword);
  if (isRefusal(proven)) return proven;
  const { userId, generation } = proven.value;
  const hash = await hashPassword(newPassword, { signal: ctx.signal });
  const keep = callerSession(ctx.identity) ?? null;
  return ctx.db.write(async (tx) => {
    const change = { hash, generation, keep, reason: 'PASSWORD_CHANGED', now: ctx.clock.now() } as const;
    return (await setPassword(tx, userId, change)) ? ok(true) : wrongPassword();
  });
}
