import { endOfLife, hashToken, refreshStep, type Sealer } from '@storegraph/auth';
import { fail, isRefusal, ok, type Id, type UserId } from '@storegraph/core';
import { one, type Tx } from '@storegraph/database';
import { validate, type Context } from '@storegraph/subgraph';
import { and, eq, isNotNull } from 'drizzle-orm';
import { z } from 'zod';
import { provenUser } from '../../caller.ts';
import type { SessionRefreshInput } from '../../generated/graphql.ts';
import { ownMemberships, refreshTokenOwner } from '../../lookups.ts';
import { users } from '../../user/tables.ts';
import { lockSession, revoke, type SessionRow } from '../revoke.ts';
import { refreshTokens, sessions } from '../tables.ts';
import { addRefreshToken, membershipToEnter, sessionTokens, tokenKind, type RefreshToken } from '../tokens.ts';

const shape = z.object({ refreshToken: z.string().min(1).max(200) });

const refused = () => fail('INVALID_REFRESH_TOKEN', 'The refresh token is not good any more. Log in again.', ['refreshToken']);

export async function sessionRefresh(ctx: Context, input: SessionRefreshInput) {
  const checked = validate(shape, input);
  if (isRefusal(checked)) return checked;
  const owner = await ctx.db.read((tx) => refreshTokenOwner(tx, hashToken(checked.value.refreshToken)));
  if (!owner) return refused();

  const { userId, sessionId, tokenId } = owner;
  const user = ctx.as(provenUser(userId, null, sessionId));
  // The revocation of a re-used token has to last, so the transaction gives a value and not a refusal.
  const outcome = await user.db.write(async (tx) => {
    const session = await lockSession(tx, sessionId);
    if (!session || !(await isActive(tx, userId))) return null;
    const refresh = await nextToken(tx, ctx, session, tokenId);
    if (!refresh) return null;
    return { session, refresh, kind: await tokenKind(tx, userId), memberships: await ownMemberships(tx) };
  });
  if (!outcome) return refused();

  // Whoever has left the store of the session stays logged in, outside of any store.
  const { session, refresh, kind, memberships } = outcome;
  const membership = session.currentStoreId === null ? undefined : membershipToEnter(memberships, session.currentStoreId);
  return ok(await sessionTokens(ctx, { id: sessionId, userId, kind, store: membership?.store ?? null }, refresh));
}

/** The token that follows the presented one; null when the session is over, or is ended here. */
async function nextToken(tx: Tx, { clock, services, ip }: Context, session: SessionRow, tokenId: Id<'rft'>): Promise<RefreshToken | null> {
  const now = clock.now();
  const { expiresAt, usedAt, successorSealed } = refreshTokens;
  const token = one(await tx.select({ expiresAt, usedAt, successorSealed }).from(refreshTokens).where(eq(refreshTokens.id, tokenId)));
  const next = refreshStep(session, token, now);
  switch (next.step) {
    case 'END':
      return null;
    case 'REVOKE':
      await revoke(tx, session, 'TOKEN_REUSED', now);
      return null;
    case 'REPEAT':
      return { refreshToken: services.sealer.open(next.successorSealed, placeOf(tokenId)), refreshTokenExpiresAt: session.expiresAt };
    case 'ROTATE':
      return rotate(tx, services.sealer, { ...session, lastIp: ip }, tokenId, now);
  }
}

async function rotate(tx: Tx, sealer: Sealer, session: SessionRow, tokenId: Id<'rft'>, now: Date): Promise<RefreshToken> {
  const expiresAt = endOfLife(now, session.createdAt);
  const refresh = await addRefreshToken(tx, { ...session, expiresAt }, now);
  // The token before this one can be repeated no more, once this one has been used.
  await tx
    .update(refreshTokens)
    .set({ successorSealed: null })
    .where(and(eq(refreshTokens.sessionId, session.id), isNotNull(refreshTokens.successorSealed)));
  const successorSealed = sealer.seal(refresh.refreshToken, placeOf(tokenId));
  await tx.update(refreshTokens).set({ usedAt: now, successorSealed }).where(eq(refreshTokens.id, tokenId));
  await tx.update(sessions).set({ lastUsedAt: now, lastIp: session.lastIp, expiresAt }).where(eq(sessions.id, session.id));
  return refresh;
}

async function isActive(tx: Tx, userId: UserId): Promise<boolean> {
  const [user] = await tx.select({ active: users.active }).from(users).where(eq(users.userId, userId));
  return user?.active === true;
}

const placeOf = (id: Id<'rft'>) => `user|refresh_tokens|successor_sealed|${id}`;
