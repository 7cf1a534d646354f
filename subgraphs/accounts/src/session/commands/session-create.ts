import { maxPasswordLength, PasswordsBusy, verifyPassword } from '@storegraph/auth';
import { fail, isRefusal, newId, ok, type Id } from '@storegraph/core';
import { email, idOf, validate, type Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { provenUser } from '../../caller.ts';
import type { SessionCreateInput } from '../../generated/graphql.ts';
import { logInCandidate, ownMemberships, type LogInCandidate } from '../../lookups.ts';
import { users } from '../../user/tables.ts';
import { beginAttempt, settleAttempt } from '../attempts.ts';
import { endOfLife } from '../session.ts';
import { sessions } from '../tables.ts';
import { addRefreshToken, membershipToEnter, sessionTokens, tokenKind } from '../tokens.ts';

const credentials = z.object({ email, password: z.string().min(1).max(maxPasswordLength), storeId: idOf('sto').nullish() });

export async function sessionCreate(ctx: Context, input: SessionCreateInput) {
  const checked = validate(credentials, input);
  if (isRefusal(checked)) return checked;
  const { email: address, password, storeId = null } = checked.value;

  // The user there may be is looked up in the same transaction: none stays open while the password is checked.
  const attempt = await beginAttempt(ctx, 'LOG_IN', address, (tx) => logInCandidate(tx, address));
  if (isRefusal(attempt)) return attempt;
  const user = await proven(ctx, attempt.value.attemptId, attempt.value.found, password);
  if (!user) return fail('INVALID_CREDENTIALS', 'The e-mail address or the password is wrong.');

  const { userId } = user;
  const memberships = await ctx.as(provenUser(userId)).db.read((tx) => ownMemberships(tx));
  const membership = membershipToEnter(memberships, storeId);
  if (storeId !== null && !membership) return fail('NOT_FOUND', 'No such store of yours.', ['storeId']);

  const { clock, ip, userAgent } = ctx;
  const store = membership?.store ?? null;
  const session = { id: newId('ses'), userId };
  const opened = await ctx.as(provenUser(userId, store?.id, session.id)).db.write(async (tx) => {
    const now = clock.now();
    const expiresAt = endOfLife(now, now);
    const times = { createdAt: now, lastUsedAt: now, expiresAt };
    await tx
      .insert(sessions)
      .values({ ...session, ...times, currentStoreId: store?.id, ip, userAgent: userAgent?.slice(0, maxAgentLength) });
    await tx.update(users).set({ lastLogInAt: now }).where(eq(users.userId, userId));
    return { id: session.id, kind: await tokenKind(tx, userId), refresh: await addRefreshToken(tx, { ...session, expiresAt }, now) };
  });
  return ok(await sessionTokens(ctx, { ...session, kind: opened.kind, store }, opened.refresh));
}

/**
 * The user, if the password is theirs. An unknown address costs the same time as a wrong password, and so does a user who is locked out. Where
 * there is no verdict (too many wait, the caller is gone) there is no failure to count either.
 */
async function proven(ctx: Context, attemptId: Id<'att'>, candidate: LogInCandidate | undefined, password: string) {
  const fits = await verifyPassword(candidate?.passwordHash ?? null, password, { signal: ctx.signal }).catch(async (error: unknown) => {
    if (error instanceof PasswordsBusy) await settleAttempt(ctx, attemptId, 'NONE');
    throw error;
  });
  const user = fits && candidate?.active ? candidate : undefined;
  await settleAttempt(ctx, attemptId, user ? 'SUCCEEDED' : 'FAILED');
  return user;
}

const maxAgentLength = 500;
