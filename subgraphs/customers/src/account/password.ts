import type { CustomerId, Id } from '@storegraph/core';
import { own, type Tx } from '@storegraph/database';
import { customerPasswordChanged, emit } from '@storegraph/events';
import { eq } from 'drizzle-orm';
import { endSessions } from '../session/revoke.ts';
import { accounts, passwords } from './tables.ts';
import { endResets } from './tokens.ts';

interface Change {
  readonly customerId: CustomerId;
  readonly accountId: Id<'acc'>;
  readonly hash: string;
  readonly by: 'CHANGE' | 'RESET';
  /** The session that may go on. */
  readonly except?: Id<'cse'> | undefined;
}

/** Gives an account, whose customer is locked, another password: whoever logged in with the old one, or has a link in hand, has to show the new one. */
export async function setPassword(tx: Tx, { customerId, accountId, hash, by, except }: Change, now: Date): Promise<void> {
  await tx
    .update(passwords)
    .set({ hash })
    .where(own(tx, passwords, eq(passwords.accountId, accountId)));
  await tx
    .update(accounts)
    .set({ passwordChangedAt: now })
    .where(own(tx, accounts, eq(accounts.id, accountId)));
  await endResets(tx, accountId, now);
  await endSessions(tx, customerId, 'PASSWORD_CHANGED', now, { except });
  await emit(tx, customerPasswordChanged({ customerId, accountId, by }));
}
