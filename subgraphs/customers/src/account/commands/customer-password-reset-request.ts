import { system } from '@storegraph/auth';
import { isRefusal, ok, type Result } from '@storegraph/core';
import { customerPasswordResetRequested, emit } from '@storegraph/events';
import { validate, type Context, type InputCode } from '@storegraph/subgraph';
import { z } from 'zod';
import { namedStore } from '../../caller.ts';
import { beginAttempt } from '../../session/attempts.ts';
import { emailAddress } from '../account.ts';
import { ownerOf } from '../find.ts';
import { resetToken, secretOf } from '../tokens.ts';

/** The same statements, and one event, whether or not the address has an account. */
export async function customerPasswordResetRequest(
  ctx: Context,
  given: unknown,
): Promise<Result<true, InputCode | 'TOO_MANY_ATTEMPTS' | 'NO_STORE'>> {
  const checked = validate(z.object({ email: emailAddress }), given);
  if (isRefusal(checked)) return checked;
  const email = checked.value.email.address;
  const store = namedStore(ctx);
  if (isRefusal(store)) return store;
  const attempt = await beginAttempt(ctx, store.value, 'PASSWORD_RESET', email, () => Promise.resolve());
  if (isRefusal(attempt)) return attempt;

  await ctx.as(system(store.value)).db.write(async (tx) => {
    const owner = await ownerOf(tx, email);
    const link = await resetToken(tx, ctx, owner);
    const mail = owner?.accountId == null ? ('NO_ACCOUNT' as const) : ('RESET' as const);
    const payload = { linkId: link.id, mail, customerId: owner?.customerId ?? null, language: owner?.language ?? null };
    const secret = secretOf(link, ctx.services.sealer);
    await emit(tx, customerPasswordResetRequested({ ...payload, expiresAt: link.expiresAt }, { personal: { email }, secret }));
  });
  return ok(true);
}
