import { isPermission, type Permission } from '@storegraph/auth';
import { fail, ok, refuse, type Problem, type Result } from '@storegraph/core';
import { exceeds } from '../role/role.ts';

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

/** The permissions that a caller may give to a key: known ones, and none beyond the caller's own. */
export function grantable(
  asked: readonly string[],
  callers: readonly Permission[],
): Result<Permission[], 'UNKNOWN_PERMISSION' | 'ABOVE_YOUR_PERMISSIONS'> {
  const granted = new Set<Permission>();
  const problems: Problem<'UNKNOWN_PERMISSION' | 'ABOVE_YOUR_PERMISSIONS'>[] = [];
  for (const [index, permission] of asked.entries()) {
    const field = ['permissions', String(index)];
    if (!isPermission(permission)) problems.push({ code: 'UNKNOWN_PERMISSION', message: 'There is no such permission.', field });
    else if (exceeds([permission], callers))
      problems.push({ code: 'ABOVE_YOUR_PERMISSIONS', message: 'You do not have this permission.', field });
    else granted.add(permission);
  }
  return problems.length > 0 ? refuse(problems) : ok([...granted]);
}

/** Whether a key that is to be made would expire before it began. */
export const checkExpiry = (expiresAt: Date | null, now: Date): Result<Date | null, 'EXPIRES_IN_THE_PAST'> =>
  expiresAt !== null && expiresAt <= now ? fail('EXPIRES_IN_THE_PAST', 'Must be in the future.', ['expiresAt']) : ok(expiresAt);
