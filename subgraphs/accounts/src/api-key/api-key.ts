import { fail, ok, type Result } from '@storegraph/core';

/** How a key is told from others: enough to find it, nothing to guess the rest by. */
export const shownPrefix = (secret: string): string => secret.slice(0, 11);

interface KeyState {
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

export function apiKeyStatus(key: KeyState, now: Date): 'ACTIVE' | 'EXPIRED' | 'REVOKED' {
  if (key.revokedAt !== null) return 'REVOKED';
  return key.expiresAt !== null && key.expiresAt <= now ? 'EXPIRED' : 'ACTIVE';
}

/** Whether a key that is to be made would expire before it began. */
export const checkExpiry = (expiresAt: Date | null, now: Date): Result<Date | null, 'EXPIRES_IN_THE_PAST'> =>
  expiresAt !== null && expiresAt <= now ? fail('EXPIRES_IN_THE_PAST', 'Must be in the future.', ['expiresAt']) : ok(expiresAt);
