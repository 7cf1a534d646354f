import { endOfLife, opaqueToken } from '@storegraph/auth';
import { newId, type CustomerId, type Id, type StoreId } from '@storegraph/core';
import { own, owned, type Tx } from '@storegraph/database';
import type { Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { accounts } from '../account/tables.ts';
import { withIssuer } from './signing-keys.ts';
import { refreshTokens, sessions } from './tables.ts';

export interface RefreshToken {
  readonly refreshToken: string;
  readonly refreshTokenExpiresAt: Date;
}

export interface SessionTokens extends RefreshToken {
  readonly id: Id<'cse'>;
  readonly accessToken: string;
  readonly accessTokenExpiresAt: Date;
}

interface Holder {
  readonly accountId: Id<'acc'>;
  readonly customerId: CustomerId;
}

interface Opened {
  readonly id: Id<'cse'>;
  readonly customerId: CustomerId;
  readonly refresh: RefreshToken;
}

const maxAgentLength = 500;

/** Logs the customer of an account in, who is locked: there is no session that a password change or a disabling has not seen. */
export async function openSession(tx: Tx, { ip, userAgent, clock }: Context, { accountId, customerId }: Holder): Promise<Opened> {
  const now = clock.now();
  const id = newId('cse');
  const expiresAt = endOfLife(now, now);
  const times = { createdAt: now, lastUsedAt: now, expiresAt };
  await tx
    .insert(sessions)
    .values(owned(tx, { id, accountId, customerId, ip, userAgent: userAgent?.slice(0, maxAgentLength) ?? null, ...times }));
  await tx
    .update(accounts)
    .set({ lastLogInAt: now })
    .where(own(tx, accounts, eq(accounts.id, accountId)));
  return { id, customerId, refresh: await addRefreshToken(tx, { id, expiresAt }, now) };
}

/** Adds a refresh token, good until the session's end. */
export async function addRefreshToken(tx: Tx, session: { id: Id<'cse'>; expiresAt: Date }, now: Date): Promise<RefreshToken> {
  const { token, hash } = opaqueToken('crt');
  const { id: sessionId, expiresAt } = session;
  await tx.insert(refreshTokens).values(owned(tx, { id: newId('rft'), sessionId, tokenHash: hash, issuedAt: now, expiresAt }));
  return { refreshToken: token, refreshTokenExpiresAt: expiresAt };
}

/** Signs an access token of a session in its store, and puts it together with the refresh token. */
export async function sessionTokens(ctx: Context, storeId: StoreId, { id, customerId, refresh }: Opened): Promise<SessionTokens> {
  const access = await withIssuer(
    ctx,
    (identity) => ctx.as(identity).db,
    (issuer) => issuer.sign({ kind: 'CUSTOMER', subjectId: customerId, storeId, sessionId: id }),
  );
  return { id, accessToken: access.token, accessTokenExpiresAt: access.expiresAt, ...refresh };
}
