import type { Sealer } from '@storegraph/auth';
import type { UserId } from '@storegraph/core';
import type { Tx } from '@storegraph/database';
import { userEmailVerificationRequested, type DraftEvent } from '@storegraph/events';
import { issueToken } from './tokens.ts';

interface Recipient {
  readonly userId: UserId;
  readonly email: string;
  readonly locale: string;
}

/** A new token for the address of the transaction's user, and the event that has it mailed there. */
export async function verificationRequest(tx: Tx, { userId, email, locale }: Recipient, sealer: Sealer, now: Date): Promise<DraftEvent> {
  const { token, expiresAt } = await issueToken(tx, userId, { purpose: 'EMAIL_VERIFICATION', email, now });
  const secret = { value: token, sealer, expiresAt };
  return userEmailVerificationRequested({ userId, locale, expiresAt }, { personal: { email }, secret });
}
