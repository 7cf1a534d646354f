/** OAuth 2.0 security practice (RFC 9700, 4.14): refresh tokens rotate, and one that comes back ends its family. */
const day = 24 * 60 * 60 * 1000;

/** A session lives this long after its last refresh. */
const sessionLifeMs = 30 * day;

/** And no longer than this after its log-in, however often it is refreshed. */
const maxAgeMs = 180 * day;

/** Two tabs, or a client whose answer was lost, may send the same token again within this time. */
export const graceMs = 10_000;

/** When a session that began then and is refreshed now ends. */
export const endOfLife = (now: Date, createdAt: Date): Date =>
  new Date(Math.min(now.getTime() + sessionLifeMs, createdAt.getTime() + maxAgeMs));

interface SessionState {
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
}

/** Whether it can still be refreshed, and what access tokens of it are worth. */
export function sessionStatus(session: SessionState, now: Date): 'ACTIVE' | 'EXPIRED' | 'REVOKED' {
  if (session.revokedAt !== null) return 'REVOKED';
  return session.expiresAt <= now ? 'EXPIRED' : 'ACTIVE';
}

interface TokenState {
  readonly expiresAt: Date;
  readonly usedAt: Date | null;
  /** Kept only while the successor itself is unused. */
  readonly successorSealed: string | null;
}

/**
 * What a presented refresh token leads to: `ROTATE` to a new one; `REPEAT` the answer that its first use got; `END` nothing, since the session
 * is over; `REVOKE` the session, since a token that was replaced is in a second pair of hands.
 */
export function refreshStep(
  session: SessionState,
  token: TokenState,
  now: Date,
): { readonly step: 'ROTATE' | 'END' | 'REVOKE' } | { readonly step: 'REPEAT'; readonly successorSealed: string } {
  if (sessionStatus(session, now) !== 'ACTIVE' || token.expiresAt <= now) return { step: 'END' };
  if (token.usedAt === null) return { step: 'ROTATE' };
  const repeated = now.getTime() - token.usedAt.getTime() <= graceMs;
  return repeated && token.successorSealed !== null ? { step: 'REPEAT', successorSealed: token.successorSealed } : { step: 'REVOKE' };
}
