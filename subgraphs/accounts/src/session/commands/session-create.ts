import type { OneTimeToken } from '@storegraph/auth';
import { fail, isRefusal, ok } from '@storegraph/core';
import { email, idOf, validate, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import { provenUser } from '../../caller.ts';
import type { SessionCreateInput } from '../../generated/graphql.ts';
import { logInCandidate } from '../../lookups.ts';
import { typedPassword } from '../../user/user.ts';
import { issueChallenge } from '../../verification/tokens.ts';
import { beginAttempt, settleAttempt } from '../attempts.ts';
import { openSession, passwordStands } from '../open.ts';
import { provePassword } from '../prove-password.ts';
import { membershipToBegin, sessionTokens, type SessionTokens } from '../tokens.ts';

const credentials = z.object({ email, password: typedPassword, storeId: idOf('sto').nullish() });

const answer = (given: { session: SessionTokens | null; challenge: OneTimeToken | null }) => ok(given);
const wrong = () => fail('INVALID_CREDENTIALS', 'The e-mail address or the password is wrong.');

export async function sessionCreate(ctx: Context, input: SessionCreateInput) {
  const checked = validate(credentials, input);
  if (isRefusal(checked)) return checked;
  const { email: address, password, storeId = null } = checked.value;

  // The user there may be is looked up in the same transaction: none stays open while the password is checked.
  const attempt = await beginAttempt(
    ctx,
    'LOG_IN',
    address,
    (tx) => logInCandidate(tx, address),
    (found) => found?.userId,
  );
  if (isRefusal(attempt)) return attempt;
  const { attemptId, found } = attempt.value;
  const user = await provePassword(ctx, attemptId, found, password);
  if (!user) return wrong();
  const { userId, passwordGeneration } = user;

  if (user.mfaEnabled) {
    await settleAttempt(ctx, attemptId, 'CHALLENGED');
    const challenge = await ctx.as(provenUser(userId)).db.write(async (tx) => {
      if (!(await passwordStands(tx, userId, passwordGeneration))) return null;
      return issueChallenge(tx, userId, { storeId, attemptId, now: ctx.clock.now() });
    });
    return challenge ? answer({ session: null, challenge }) : wrong();
  }

  await settleAttempt(ctx, attemptId, 'SUCCEEDED');
  const membership = await ctx.as(provenUser(userId)).db.read((tx) => membershipToBegin(tx, userId, storeId));
  if (storeId !== null && !membership) return fail('NOT_FOUND', 'No such store of yours.', ['storeId']);
  const store = membership?.store ?? null;
  const opened = await ctx.as(provenUser(userId, store?.id)).db.write(async (tx) => {
    const stands = await passwordStands(tx, userId, passwordGeneration);
    return stands ? openSession(tx, ctx, userId, store?.id ?? null) : null;
  });
  if (!opened) return wrong();
  return answer({ session: await sessionTokens(ctx, { ...opened, store }, opened.refresh), challenge: null });
}
