const minute = 60_000;

/** Attempts older than this are forgotten. */
export const windowMs = 60 * minute;

/** An attempt without a verdict counts this long: those made at once count each other, and one that was given up does not count for good. */
export const underWayMs = 10_000;

/** From where somebody has logged in within this time, an account can be logged in to whatever others do to it. */
export const knownAddressMs = 30 * 24 * 60 * minute;

const maxWaitMs = 15 * minute;

/**
 * How many attempts are free: on one subject from one address, on one subject from everywhere, and from one address on all subjects. An address
 * may be shared by an office; an account is one person's, and yet not to be locked by whoever knows its name. Sign-ups count whether or not
 * they succeed, of the others only failures do.
 */
export const limits = {
  LOG_IN: { subjectFromAddress: 5, subject: 100, address: 50 },
  SIGN_UP: { address: 100 },
  MEMBER_CREATE: { subject: 20, address: 50 },
} as const satisfies Record<string, { subjectFromAddress?: number; subject?: number; address?: number }>;

export interface Counted {
  readonly count: number;
  readonly lastAt: Date | null;
}

/** From when on another attempt is allowed: at once for the free ones, then after a wait that doubles from one second to a quarter of an hour. */
export function allowedFrom(free: number, { count, lastAt }: Counted): Date {
  const over = count - free;
  if (lastAt === null || over < 0) return new Date(0);
  return new Date(lastAt.getTime() + Math.min(1000 * 2 ** over, maxWaitMs));
}
