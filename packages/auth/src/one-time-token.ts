import { opaqueToken } from './secrets.ts';

/**
 * A secret that proves one thing once: that somebody reads an e-mail address, that they may choose another password, that the first of two
 * factors was right. The token goes out by event, as its `secret`, or in one answer; a table keeps the hash, and these times.
 */
export interface OneTimeToken {
  readonly token: string;
  readonly hash: string;
  readonly expiresAt: Date;
}

/** A token of 256 random bits, good for `lifeMs` from now. */
export function oneTimeToken(prefix: string, lifeMs: number, now: Date): OneTimeToken {
  return { ...opaqueToken(prefix), expiresAt: new Date(now.getTime() + lifeMs) };
}

export interface OneTimeTokenState {
  readonly expiresAt: Date;
  readonly usedAt: Date | null;
  /** When a newer one, or a change of what it was about, ended it. */
  readonly endedAt: Date | null;
}

/**
 * What a token is worth. It has expired at the very moment of its expiry. The use itself is to be a conditional update (`used_at is null and
 * ended_at is null and expires_at > now`), so that of two at the same moment one finds nothing.
 */
export function oneTimeTokenStatus({ expiresAt, usedAt, endedAt }: OneTimeTokenState, now: Date): 'GOOD' | 'USED' | 'ENDED' | 'EXPIRED' {
  if (usedAt !== null) return 'USED';
  if (endedAt !== null) return 'ENDED';
  return expiresAt <= now ? 'EXPIRED' : 'GOOD';
}

const hour = 60 * 60_000;

/** How long each sort is good. */
export const oneTimeTokenLifeMs = {
  /** A mailbox may be read tomorrow. */
  EMAIL_VERIFICATION: 48 * hour,
  /** OWASP's forgot-password sheet: as short as the mail's way allows. */
  PASSWORD_RESET: hour,
  /** From the password to the second factor. */
  LOG_IN_CHALLENGE: 5 * 60_000,
} as const;
