import type { AttemptLimit } from '@storegraph/auth';

interface Limit extends AttemptLimit {
  /** Whether every attempt counts. Without it only those that fail do, and those that have no verdict yet. */
  readonly every?: true;
}

/**
 * What may be tried only so often, and by what it is counted. LOG_IN and PASSWORD_RESET: the address typed. SECOND_FACTOR, REAUTHENTICATION and
 * MAIL (mail that a user has sent to an address): the user. TOKEN (what was sent by mail) and SIGN_UP: the network address.
 * INVITATION: the store that invites; INVITED_ADDRESS: the address, by whichever store. MAILED_ADDRESS: the address, by whoever signs up with it or asks
 * for a change to it.
 */
export const limits = {
  LOG_IN: { subjectFromAddress: 5, subject: 100, address: 50 },
  SECOND_FACTOR: { subjectFromAddress: 5, subject: 20, address: 50 },
  REAUTHENTICATION: { subjectFromAddress: 5, subject: 20 },
  PASSWORD_RESET: { subject: 5, address: 50, every: true },
  TOKEN: { address: 50 },
  MAIL: { subject: 5, every: true },
  SIGN_UP: { address: 100, every: true },
  INVITATION: { subject: 50, every: true },
  INVITED_ADDRESS: { subject: 10, every: true },
  MAILED_ADDRESS: { subject: 10, every: true },
} as const satisfies Record<string, Limit>;

export type Purpose = keyof typeof limits;

export const limitOf = (purpose: Purpose): Limit => limits[purpose];
