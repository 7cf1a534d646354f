import { endOfLife, hashToken, refreshStep, system, type Sealer } from '@storegraph/auth';
import { fail, isRefusal, ok, type Id, type Result } from '@storegraph/core';
import { one, own, type Tx } from '@storegraph/database';
import { validate, type Context, type InputCode } from '@storegraph/subgraph';
import { eq, isNotNull } from 'drizzle-orm';
import { z } from 'zod';
import { refreshTokenOwner } from '../../account/lookups.ts';
import { namedStore } from '../../caller.ts';
import { customers } from '../../customer/tables.ts';
import { isStanding } from '../../merge/forward.ts';
import { addRefreshToken, sessionTokens, type RefreshToken, type SessionTokens } from '../open.ts';
import { endSession, lockSession, type SessionRow } from '../revoke.ts';
import { refreshTokens, sessions } from '../tables.ts';

const shape = z.object({ refreshToken: z.string().min(1).max(200) });

const refused = () => fail('INVALID_REFRESH_TOKEN', 'The refresh token is not good any more. Log in again.', ['refreshToken']);

export async function customerSessionRefresh(
  ctx: Context,
  given: unknown,
): Promise<Result<SessionTokens, InputCode | 'INVALID_REFRESH_TOKEN' | 'NO_STORE'>> {
  const checked = validate(shape, given);
  if (isRefusal(checked)) return checked;
  const store = namedStore(ctx);
  if (isRefusal(store)) return store;
  const hash = hashToken(checked.value.refreshToken);

  // The revocation of a re-used token has to last, so the transaction gives a value and not a refusal.
  const opened = await ctx.as(system(store.value)).db.write(async (tx) => {
    const owner = await refreshTokenOwner(tx, hash);
    const session = owner && (await lockSession(tx, owner.sessionId));
    if (!session || !(await isServed(tx, session))) return null;
    const refresh = await nextToken(tx, ctx, session, owner.tokenId);
    return refresh && { id: session.id, customerId: session.customerId, refresh };
  });
  return opened ? ok(await sessionTokens(ctx, store.value, opened)) : refused();
}

/** The token that follows the presented one; null when the session is over, or is ended here. */
async function nextToken(tx: Tx, { clock, services }: Context, session: SessionRow, tokenId: Id<'rft'>): Promise<RefreshToken | null> {
  const now = clock.now();
  const { expiresAt, usedAt, successorSealed } = refreshTokens;
  const isIt = own(tx, refreshTokens, eq(refreshTokens.id, tokenId));
  const token = one(await tx.select({ expiresAt, usedAt, successorSealed }).from(refreshTokens).where(isIt));
  const next = refreshStep(session, token, now);
  switch (next.step) {
    case 'END':
      return null;
    case 'REVOKE':
      await endSession(tx, session, 'TOKEN_REUSED', now);
      return null;
    case 'REPEAT':
      return {
        refreshToken: services.sealer.open(next.successorSealed, placeOf(session, tokenId)),
        refreshTokenExpiresAt: session.expiresAt,
      };
    case 'ROTATE':
      return rotate(tx, services.sealer, session, tokenId, now);
  }
}

async function rotate(tx: Tx, sealer: Sealer, session: SessionRow, tokenId: Id<'rft'>, now: Date): Promise<RefreshToken> {
  const expiresAt = endOfLife(now, session.createdAt);
  const refresh = await addRefreshToken(tx, { id: session.id, expiresAt }, now);
  // The token before this one can be repeated no more, once this one has been used.
  await tx
    .update(refreshTokens)
    .set({ successorSealed: null })
    .where(own(tx, refreshTokens, eq(refreshTokens.sessionId, session.id), isNotNull(refreshTokens.successorSealed)));
  const successorSealed = sealer.seal(refresh.refreshToken, placeOf(session, tokenId));
  await tx
    .update(refreshTokens)
    .set({ usedAt: now, successorSealed })
    .where(own(tx, refreshTokens, eq(refreshTokens.id, tokenId)));
  await tx
    .update(sessions)
    .set({ lastUsedAt: now, expiresAt })
    .where(own(tx, sessions, eq(sessions.id, session.id)));
  return refresh;
}

async function isServed(tx: Tx, { customerId }: SessionRow): Promise<boolean> {
  const isIt = own(tx, customers, eq(customers.id, customerId), isStanding());
  const [customer] = await tx.select({ status: customers.status }).from(customers).where(isIt);
  return customer?.status === 'ACTIVE';
}

const placeOf = ({ storeId }: SessionRow, id: Id<'rft'>) => `${storeId}|refresh_tokens|successor_sealed|${id}`;
