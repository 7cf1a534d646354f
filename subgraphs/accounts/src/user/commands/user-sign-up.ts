import { anonymous, hashPassword } from '@storegraph/auth';
import { isRefusal, newId, ok } from '@storegraph/core';
import { constraintOf } from '@storegraph/database';
import { emit, userSignedUp, userSignUpRepeated } from '@storegraph/events';
import { validate, type Context } from '@storegraph/subgraph';
import { provenUser } from '../../caller.ts';
import type { UserSignUpInput } from '../../generated/graphql.ts';
import { logInCandidate } from '../../lookups.ts';
import { beginAttempt } from '../../session/attempts.ts';
import { verificationRequest } from '../../verification/request.ts';
import { passwords, users } from '../tables.ts';
import { newUser, tooShort } from '../user.ts';

/**
 * Gives the same answer whether or not the address has a user, after one hash, one look-up and one write with one event; a new user costs a few
 * short statements more, which is milliseconds beside the hash.
 */
export async function userSignUp(ctx: Context, input: UserSignUpInput) {
  const checked = validate(newUser, input);
  if (isRefusal(checked)) return checked;
  const { email, password, firstName = null, lastName = null, locale, timezone } = checked.value;
  const short = tooShort(password, 'password');
  if (short) return short;
  if (ctx.ip !== null) {
    const attempt = await beginAttempt(ctx, 'SIGN_UP', ctx.ip, () => Promise.resolve());
    if (isRefusal(attempt)) return attempt;
  }
  // Counted before it is known whether anybody has the address.
  const toAddress = await beginAttempt(ctx, 'MAILED_ADDRESS', email, () => Promise.resolve());
  if (isRefusal(toAddress)) return toAddress;
  const hash = await hashPassword(password, { signal: ctx.signal });
  const known = await ctx.db.read((tx) => logInCandidate(tx, email));

  // Whoever signs up may write the rows of the user that is being made, and nobody else's.
  const userId = newId('usr');
  try {
    await ctx.as(known ? anonymous() : provenUser(userId)).db.write(async (tx) => {
      if (known) return emit(tx, userSignUpRepeated({ userId: known.userId }, { personal: { email } }));
      const settings = { locale: locale ?? 'en', timezone: timezone ?? 'UTC' };
      await tx.insert(users).values({ userId, email, firstName, lastName, ...settings });
      await tx.insert(passwords).values({ userId, hash });
      const signedUp = userSignedUp({ userId, locale: settings.locale }, { personal: { email, firstName, lastName } });
      const recipient = { userId, email, locale: settings.locale };
      return emit(tx, signedUp, await verificationRequest(tx, recipient, ctx.services.sealer, ctx.clock.now()));
    });
  } catch (error) {
    // Two sign-ups with one address at the same moment: the other was first, and this one learns nothing.
    if (constraintOf(error) !== 'users_email_unique') throw error;
  }
  return ok(true);
}
