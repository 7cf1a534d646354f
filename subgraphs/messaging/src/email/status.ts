/** What can be heard of a mail. A mail's status is the one of highest rank that was heard, in whatever order they came. */
export const emailStatuses = [
  'QUEUED',
  'DEFERRED',
  'SUPPRESSED',
  'FAILED',
  'UNKNOWN',
  'SENT',
  'DELIVERED',
  'OPENED',
  'CLICKED',
  'BOUNCED',
  'COMPLAINED',
] as const;
export type EmailStatus = (typeof emailStatuses)[number];

/** A late DELIVERED never undoes OPENED. A mail that was opened by a machine on its way may still bounce. */
export const rankOf: Readonly<Record<EmailStatus, number>> = {
  QUEUED: 0,
  DEFERRED: 1,
  SUPPRESSED: 2,
  FAILED: 2,
  UNKNOWN: 3,
  SENT: 4,
  DELIVERED: 5,
  OPENED: 6,
  CLICKED: 7,
  BOUNCED: 8,
  COMPLAINED: 9,
};

/** Whether a mail of this status still waits to be given to a server. */
export const isWaiting = (status: EmailStatus): boolean => rankOf[status] <= rankOf.DEFERRED;

export const mostAttempts = 10;

/** Minutes until the next attempt, after so many: 1, 2, 4 … at most four hours. Ten attempts take about nine hours. */
export const backoffMs = (attempts: number): number => Math.min(2 ** (attempts - 1), 240) * 60_000;
