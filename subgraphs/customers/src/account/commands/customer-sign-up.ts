import { hashPassword, oneTimeTokenLifeMs, system } from '@storegraph/auth';
import { isRefusal, newId, ok, type Result } from '@storegraph/core';
import { owned } from '@storegraph/database';
import { customerSignUpRequested, emit } from '@storegraph/events';
import { locale, optional, text, validate, type Context, type InputCode } from '@storegraph/subgraph';
import { z } from 'zod';
import { namedStore } from '../../caller.ts';
import { consentsInput } from '../../consent/consent.ts';
import { consentsOfSignUp, keptConsents } from '../../consent/sign-up.ts';
import { beginAttempt } from '../../session/attempts.ts';
import { emailAddress, goodPassword, password as typed } from '../account.ts';
import { ownerOf } from '../find.ts';
import { signUps } from '../tables.ts';
import { secretOf, verificationToken } from '../tokens.ts';

type Code = InputCode | 'PASSWORD_TOO_SHORT' | 'TOO_MANY_ATTEMPTS' | 'NO_STORE';

const shape = z.object({
  email: emailAddress,
  password: typed,
  firstName: optional(text(100)),
  lastName: optional(text(100)),
  language: optional(locale),
  consents: consentsInput,
});

/**
 * Makes a sign-up that waits for its address to be verified. Whose the address is makes no difference to what is done here: one hash, the same
 * statements and one event, whose receiver is told.
 */
export async function customerSignUp(ctx: Context, given: unknown): Promise<Result<true, Code>> {
  const checked = validate(shape, given);
  if (isRefusal(checked)) return checked;
  const { email, password, firstName = null, lastName = null, language = null } = checked.value;
  const chosen = goodPassword(password, 'password');
  if (isRefusal(chosen)) return chosen;
  const consents = consentsOfSignUp(checked.value.consents, email.address);
  if (isRefusal(consents)) return consents;
  const store = namedStore(ctx);
  if (isRefusal(store)) return store;
  const attempt = await beginAttempt(ctx, store.value, 'SIGN_UP', email.address, () => Promise.resolve());
  if (isRefusal(attempt)) return attempt;
  const passwordHash = await hashPassword(password, { signal: ctx.signal });

  await ctx.as(system(store.value)).db.write(async (tx) => {
    const now = ctx.clock.now();
    const owner = await ownerOf(tx, email.address);
    const id = newId('csu');
    const expiresAt = new Date(now.getTime() + oneTimeTokenLifeMs.EMAIL_VERIFICATION);
    const said = { consents: consents.value, ip: ctx.ip, userAgent: ctx.userAgent, at: now };
    const values = {
      id,
      email: email.address,
      passwordHash,
      firstName,
      lastName,
      language,
      consents: keptConsents(said),
      createdAt: now,
      expiresAt,
    };
    await tx.insert(signUps).values(owned(tx, values));
    const link = await verificationToken(tx, ctx, id);
    const mail = owner?.accountId == null ? ('VERIFICATION' as const) : ('HAS_ACCOUNT' as const);
    const payload = { linkId: link.id, signUpId: id, mail, customerId: owner?.customerId ?? null, language, expiresAt: link.expiresAt };
    const personal = { email: email.address, firstName };
    await emit(tx, customerSignUpRequested(payload, { personal, secret: secretOf(link, ctx.services.sealer) }));
  });
  return ok(true);
}
