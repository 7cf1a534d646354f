import { opaqueToken, type Identity, type TokenKind } from '@storegraph/auth';
import { newId, type Id, type UserId } from '@storegraph/core';
import type { Tx } from '@storegraph/database';
import type { Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import type { OwnMembership, PublicStore } from '../lookups.ts';
import { platformStaff } from '../user/tables.ts';
import { tokenIssuer } from './signing-keys.ts';
import { refreshTokens } from './tables.ts';

export interface SessionTokens {
  readonly id: Id<'ses'>;
  readonly accessToken: string;
  readonly accessTokenExpiresAt: Date;
  readonly refreshToken: string | null;
  readonly refreshTokenExpiresAt: Date | null;
  readonly store: PublicStore | null;
}

export interface RefreshToken {
  readonly refreshToken: string;
  readonly refreshTokenExpiresAt: Date;
}

/** The membership to work in: the one of the store asked for, if it can be entered; without a wish, the first of those that can. */
export const membershipToEnter = (memberships: readonly OwnMembership[], storeId: string | null): OwnMembership | undefined =>
  memberships.find(({ enterable, store }) => enterable && (storeId === null || store.id === storeId));

/** Adds a refresh token, good until the session's end, to a session of the transaction's user. */
export async function addRefreshToken(
  tx: Tx,
  session: { id: Id<'ses'>; userId: UserId; expiresAt: Date },
  now: Date,
): Promise<RefreshToken> {
  const { token, hash } = opaqueToken('rt');
  const { id: sessionId, userId, expiresAt } = session;
  await tx.insert(refreshTokens).values({ id: newId('rft'), userId, sessionId, tokenHash: hash, issuedAt: now, expiresAt });
  return { refreshToken: token, refreshTokenExpiresAt: expiresAt };
}

/** Which kind of access token the transaction's user gets. */
export async function tokenKind(tx: Tx, userId: UserId): Promise<TokenKind> {
  const rows = await tx.select({ userId: platformStaff.userId }).from(platformStaff).where(eq(platformStaff.userId, userId));
  return rows.length > 0 ? 'PLATFORM' : 'STAFF';
}

/** Signs an access token of a session for a store, and puts it together with the refresh token, if there is a new one. */
export async function sessionTokens(
  ctx: Context,
  session: { readonly id: Id<'ses'>; readonly userId: UserId; readonly kind: TokenKind; readonly store: PublicStore | null },
  refresh: RefreshToken | null,
): Promise<SessionTokens> {
  const issuer = await tokenIssuer(ctx, (identity: Identity) => ctx.as(identity).db);
  const { id, userId, kind, store } = session;
  const access = await issuer.sign({ kind, subjectId: userId, storeId: store?.id ?? null, sessionId: id });
  return {
    id,
    accessToken: access.token,
    accessTokenExpiresAt: access.expiresAt,
    refreshToken: refresh?.refreshToken ?? null,
    refreshTokenExpiresAt: refresh?.refreshTokenExpiresAt ?? null,
    store,
  };
}
