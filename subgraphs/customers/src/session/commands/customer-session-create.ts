import { isDeepStrictEqual } from 'node:util';
import { maxPasswordLength, system, verifyPassword } from '@storegraph/auth';
import { fail, isRefusal, ok, type Result } from '@storegraph/core';
import { validate, type Context, type InputCode } from '@storegraph/subgraph';
import { z } from 'zod';
import { emailAddress } from '../../account/account.ts';
import { logInCandidate } from '../../account/lookups.ts';
import { namedStore } from '../../caller.ts';
import { lockCustomer } from '../../customer/lock.ts';
import { beginAttempt, judged } from '../attempts.ts';
import { openSession, sessionTokens, type SessionTokens } from '../open.ts';

type Code = InputCode | 'INVALID_CREDENTIALS' | 'TOO_MANY_ATTEMPTS' | 'NO_STORE';

const credentials = z.object({ email: emailAddress, password: z.string().min(1).max(maxPasswordLength) });

const refused = () => fail('INVALID_CREDENTIALS', 'The e-mail address or the password is wrong.');

export async function customerSessionCreate(ctx: Context, given: unknown): Promise<Result<SessionTokens, Code>> {
  const checked = validate(credentials, given);
  if (isRefusal(checked)) return checked;
  const store = namedStore(ctx);
  if (isRefusal(store)) return store;
  const { email, password } = checked.value;

  // The account there may be is looked up in the same transaction: none stays open while the password is checked.
  const attempt = await beginAttempt(ctx, store.value, 'LOG_IN', email.address, (tx) => logInCandidate(tx, email.address));
  if (isRefusal(attempt)) return attempt;
  const { attemptId, found: candidate } = attempt.value;
  const fits = await judged(ctx, store.value, attemptId, async () => {
    const isTheirs = await verifyPassword(candidate?.passwordHash ?? null, password, { signal: ctx.signal });
    return isTheirs && candidate?.active === true;
  });
  if (!fits || !candidate) return refused();

  const opened = await ctx.as(system(store.value)).db.write(async (tx) => {
    await lockCustomer(tx, candidate.customerId);
    // A reset, a disabling or a merge may have come between the check and the lock.
    const now = await logInCandidate(tx, email.address);
    return now?.active && isDeepStrictEqual(now, candidate) ? ok(await openSession(tx, ctx, now)) : refused();
  });
  return isRefusal(opened) ? opened : ok(await sessionTokens(ctx, store.value, opened.value));
}
