import { hashToken, oneTimeTokenStatus } from '@storegraph/auth';
import { fail, isRefusal, ok, type Id, type UserId } from '@storegraph/core';
import type { Tx } from '@storegraph/database';
import { text, validate, type Context } from '@storegraph/subgraph';
import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { provenUser } from '../../caller.ts';
import type { SessionVerifyTotpInput } from '../../generated/graphql.ts';
import { oneTimeTokenOwner } from '../../lookups.ts';
import { maxCodeLength, useSecondFactor, wrongCode } from '../../totp/second-factor.ts';
import { oneTimeTokens } from '../../verification/tables.ts';
import { lockUser } from '../../user/lock.ts';
import { maxTokenLength } from '../../verification/tokens.ts';
import { beginAttempt, settleAttempt } from '../attempts.ts';
import { openSession } from '../open.ts';
import { membershipToBegin, sessionTokens } from '../tokens.ts';

const shape = z.object({ challenge: z.string().min(1).max(maxTokenLength), code: text(maxCodeLength) });

const over = () => fail('INVALID_CHALLENGE', 'The challenge is not good any more. Log in again.', ['challenge']);

/** With so many wrong codes a challenge is over. The account's own limit holds over all of them. */
const maxTries = 5;

export async function sessionVerifyTotp(ctx: Context, input: SessionVerifyTotpInput) {
  const checked = validate(shape, input);
  if (isRefusal(checked)) return checked;
  const { challenge: token, code } = checked.value;
  const owner = await ctx.db.read((tx) => oneTimeTokenOwner(tx, hashToken(token)));
  if (owner?.purpose !== 'LOG_IN_CHALLENGE') return over();
  const { userId, tokenId } = owner;
  const attempt = await beginAttempt(
    ctx,
    'SECOND_FACTOR',
    userId,
    () => Promise.resolve(),
    () => userId,
  );
  if (isRefusal(attempt)) return attempt;

  const user = ctx.as(provenUser(userId));
  const { challenge, membership } = await user.db.read(async (tx) => {
    const found = await challengeOf(tx, tokenId, userId);
    return { challenge: found, membership: await membershipToBegin(tx, userId, found?.storeId ?? null) };
  });
  // Where the store asked for can't be entered, the session begins outside of any.
  const store = membership?.store ?? null;
  // A wrong code has to be counted, so the transaction gives a value and not a refusal.
  const outcome = await ctx.as(provenUser(userId, store?.id)).db.write(async (tx) => {
    const result = await answerChallenge(tx, ctx, { tokenId, userId, code });
    return result === 'RIGHT' ? openSession(tx, ctx, userId, store?.id ?? null) : result;
  });
  await settleAttempt(ctx, attempt.value.attemptId, outcome === 'WRONG' ? 'FAILED' : outcome === 'OVER' ? 'NONE' : 'SUCCEEDED');
  if (outcome === 'OVER') return over();
  if (outcome === 'WRONG') return wrongCode();
  if (challenge?.attemptId) await settleAttempt(ctx, challenge.attemptId, 'SUCCEEDED');
  return ok(await sessionTokens(ctx, { ...outcome, store }, outcome.refresh));
}

interface Answer {
  readonly tokenId: Id<'ott'>;
  readonly userId: UserId;
  readonly code: string;
}

/** Of answers at the same moment, one after the other: the challenge is locked, after its user. */
async function answerChallenge(
  tx: Tx,
  { services, clock }: Context,
  { tokenId, userId, code }: Answer,
): Promise<'RIGHT' | 'WRONG' | 'OVER'> {
  const now = clock.now();
  const user = await lockUser(tx, userId);
  const challenge = await challengeOf(tx, tokenId, userId);
  if (!user?.active || !challenge || oneTimeTokenStatus(challenge, now) !== 'GOOD') return 'OVER';
  const isRight = await useSecondFactor(tx, userId, code, { sealer: services.sealer, now });
  const tries = challenge.tries + 1;
  const change = isRight ? { usedAt: now } : { tries, ...(tries >= maxTries ? { endedAt: now } : {}) };
  await tx.update(oneTimeTokens).set(change).where(eq(oneTimeTokens.id, tokenId));
  return isRight ? 'RIGHT' : 'WRONG';
}

async function challengeOf(tx: Tx, id: Id<'ott'>, userId: UserId) {
  const { storeId, attemptId, tries, expiresAt, usedAt, endedAt } = oneTimeTokens;
  const [challenge] = await tx
    .select({ storeId, attemptId, tries, expiresAt, usedAt, endedAt })
    .from(oneTimeTokens)
    .where(and(eq(oneTimeTokens.id, id), eq(oneTimeTokens.userId, userId)));
  return challenge;
}
