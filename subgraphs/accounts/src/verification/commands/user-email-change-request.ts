import { fail, isRefusal, ok } from '@storegraph/core';
import { emit, userEmailChangeRequested } from '@storegraph/events';
import { email, validate, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import type { UserEmailChangeRequestInput } from '../../generated/graphql.ts';
import { beginAttempt } from '../../session/attempts.ts';
import { reauthenticate } from '../../session/reauthenticate.ts';
import { typedPassword } from '../../user/user.ts';
import { lockUser } from '../../user/lock.ts';
import { issueToken } from '../tokens.ts';

const shape = z.object({ email, currentPassword: typedPassword });

/** Asks nobody whether somebody has the new address: only who reads its mail ever learns that. */
export async function userEmailChangeRequest(ctx: Context, input: UserEmailChangeRequestInput) {
  const checked = validate(shape, input);
  if (isRefusal(checked)) return checked;
  const { email: address, currentPassword } = checked.value;
  const proven = await reauthenticate(ctx, currentPassword);
  if (isRefusal(proven)) return proven;
  const { userId } = proven.value;
  const attempt = await beginAttempt(ctx, 'MAIL', userId, () => Promise.resolve());
  if (isRefusal(attempt)) return attempt;
  const toAddress = await beginAttempt(ctx, 'MAILED_ADDRESS', address, () => Promise.resolve());
  if (isRefusal(toAddress)) return toAddress;
  const { clock, services } = ctx;
  return ctx.db.write(async (tx) => {
    const user = await lockUser(tx, userId);
    if (!user || user.email === address) return fail('UNCHANGED', 'This is your address already.', ['email']);
    const { token, expiresAt } = await issueToken(tx, userId, { purpose: 'EMAIL_CHANGE', email: address, now: clock.now() });
    const secret = { value: token, sealer: services.sealer, expiresAt };
    await emit(tx, userEmailChangeRequested({ userId, locale: user.locale, expiresAt }, { personal: { email: address }, secret }));
    return ok(true);
  });
}
