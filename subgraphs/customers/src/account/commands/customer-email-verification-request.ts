import { system } from '@storegraph/auth';
import { isRefusal, ok, type Result } from '@storegraph/core';
import { own } from '@storegraph/database';
import { customerSignUpRequested, emit } from '@storegraph/events';
import { validate, type Context, type InputCode } from '@storegraph/subgraph';
import { desc, eq, gt } from 'drizzle-orm';
import { z } from 'zod';
import { namedStore } from '../../caller.ts';
import { beginAttempt } from '../../session/attempts.ts';
import { emailAddress } from '../account.ts';
import { ownerOf } from '../find.ts';
import { signUps } from '../tables.ts';
import { secretOf, verificationToken } from '../tokens.ts';

/** The same statements, and one event, whether a sign-up waits, the address has an account, or neither. */
export async function customerEmailVerificationRequest(
  ctx: Context,
  given: unknown,
): Promise<Result<true, InputCode | 'TOO_MANY_ATTEMPTS' | 'NO_STORE'>> {
  const checked = validate(z.object({ email: emailAddress }), given);
  if (isRefusal(checked)) return checked;
  const email = checked.value.email.address;
  const store = namedStore(ctx);
  if (isRefusal(store)) return store;
  const attempt = await beginAttempt(ctx, store.value, 'EMAIL_VERIFICATION', email, () => Promise.resolve());
  if (isRefusal(attempt)) return attempt;

  await ctx.as(system(store.value)).db.write(async (tx) => {
    const owner = await ownerOf(tx, email);
    const { id, firstName, language } = signUps;
    const [waiting] = await tx
      .select({ id, firstName, language })
      .from(signUps)
      .where(own(tx, signUps, eq(signUps.email, email), gt(signUps.expiresAt, ctx.clock.now())))
      .orderBy(desc(signUps.createdAt), desc(signUps.id))
      .limit(1);
    const link = await verificationToken(tx, ctx, waiting?.id ?? null);
    const mail = owner?.accountId != null ? ('HAS_ACCOUNT' as const) : waiting ? ('VERIFICATION' as const) : ('NOTHING_WAITS' as const);
    const whose = { customerId: owner?.customerId ?? null, signUpId: waiting?.id ?? null, language: waiting?.language ?? null };
    const payload = { linkId: link.id, ...whose, mail, expiresAt: link.expiresAt };
    const personal = { email, firstName: waiting?.firstName ?? null };
    const secret = secretOf(link, ctx.services.sealer);
    await emit(tx, customerSignUpRequested(payload, { personal, secret }));
  });
  return ok(true);
}
