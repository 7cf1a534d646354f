import { opaqueToken, type TokenKind } from '@storegraph/auth';
import { newId, type Id, type UserId } from '@storegraph/core';
import type { Tx } from '@storegraph/database';
import type { Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { ownMemberships, type OwnMembership } from '../lookups.ts';
import type { PublicStore } from '../raw-rows.ts';
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

/** The membership in which a log-in begins. Platform staff who name no store begin in none: they came to work for the platform. */
export async function membershipToBegin(tx: Tx, userId: UserId, storeId: string | null): Promise<OwnMembership | undefined> {
  if (storeId === null && (await tokenKind(tx, userId)) === 'PLATFORM') return undefined;
  return membershipToEnter(await ownMemberships(tx), storeId);
}

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

/** Which kind of access token the transaction's user gets outside of any store; in a store that they are a member of it is STAFF, like any other's. */
export async function tokenKind(tx: Tx, userId: UserId): Promise<TokenKind> {
  const rows = await tx.select({ userId: platformStaff.userId }).from(platformStaff).where(eq(platformStaff.userId, userId));
  return rows.length > 0 ? 'PLATFORM' : 'STAFF';
}

/** Signs an access token of a session for a store, and puts it together with the refresh token, if there is a new one. */
export function sessionTokens(
  ctx: Context,
  session: { readonly id: Id<'ses'>; readonly userId: UserId; readonly kind: TokenKind; readonly store: PublicStore | null },
  refresh: RefreshToken | null,
): Promise<SessionTokens> {
  const { id, userId, store } = session;
  const kind = store === null ? session.kind : 'STAFF';
  return signedTokens(ctx, { id, userId, kind, store }, refresh);
}

/** The same for whoever acts in a store without being a member of it, as the kind that is given. */
export async function signedTokens(
  ctx: Context,
  {
    id,
    userId,
    kind,
    store,
  }: { readonly id: Id<'ses'>; readonly userId: UserId; readonly kind: TokenKind; readonly store: PublicStore | null },
  refresh: RefreshToken | null,
): Promise<SessionTokens> {
  const claims = { kind, subjectId: userId, storeId: store?.id ?? null, sessionId: id };
  const access = await tokenIssuer(ctx).sign(claims, (identity) => ctx.as(identity).db);
  return {
    id,
    accessToken: access.token,
    accessTokenExpiresAt: access.expiresAt,
    refreshToken: refresh?.refreshToken ?? null,
    refreshTokenExpiresAt: refresh?.refreshTokenExpiresAt ?? null,
    store,
  };
}
