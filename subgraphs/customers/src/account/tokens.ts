import { oneTimeToken, oneTimeTokenLifeMs, type OneTimeToken, type Sealer } from '@storegraph/auth';
import { newId, type Id } from '@storegraph/core';
import { own, owned, type Tx } from '@storegraph/database';
import type { Context } from '@storegraph/subgraph';
import { and, eq, gt, isNull, sql, type SQL } from 'drizzle-orm';
import { oneTimeTokens } from './tables.ts';

type Made = OneTimeToken & { readonly id: Id<'ott'> };

/**
 * A token that verifies the address of a sign-up; without one, one that is good for nothing. Those sent before stay good: the mail that was late
 * is as good as the newest.
 */
export async function verificationToken(tx: Tx, { clock }: Context, signUpId: Id<'csu'> | null): Promise<Made> {
  const now = clock.now();
  const made = { id: newId('ott'), ...oneTimeToken('cev', oneTimeTokenLifeMs.EMAIL_VERIFICATION, now) };
  const { id, hash, expiresAt } = made;
  const values = { id, purpose: 'EMAIL_VERIFICATION' as const, signUpId, tokenHash: hash, createdAt: now, expiresAt };
  await tx.insert(oneTimeTokens).values(owned(tx, values));
  return made;
}

interface Recipient {
  readonly accountId: Id<'acc'> | null;
  readonly contactPointId: Id<'cpt'>;
}

/**
 * A token that resets the password of an account for as long as the contact point logs in to it, and of which earlier ones are good no more; without an
 * account one that is good for nothing.
 */
export async function resetToken(tx: Tx, { clock }: Context, to: Recipient | null): Promise<Made> {
  const now = clock.now();
  const accountId = to?.accountId ?? null;
  const contactPointId = accountId === null ? null : (to?.contactPointId ?? null);
  await endResets(tx, accountId, now);
  const made = { id: newId('ott'), ...oneTimeToken('cpr', oneTimeTokenLifeMs.PASSWORD_RESET, now) };
  const { id, hash, expiresAt } = made;
  await tx
    .insert(oneTimeTokens)
    .values(owned(tx, { id, purpose: 'PASSWORD_RESET' as const, accountId, contactPointId, tokenHash: hash, createdAt: now, expiresAt }));
  return made;
}

/** Ends the links that could still reset the password of an account. */
export async function endResets(tx: Tx, accountId: Id<'acc'> | null, now: Date): Promise<void> {
  const isIt = accountId === null ? sql`false` : eq(oneTimeTokens.accountId, accountId);
  await tx
    .update(oneTimeTokens)
    .set({ endedAt: now })
    .where(own(tx, oneTimeTokens, isIt, isGood(now)));
}

/** Uses a token up. Of two at the same moment one is told false. */
export async function spend(tx: Tx, id: Id<'ott'>, now: Date): Promise<boolean> {
  const isIt = own(tx, oneTimeTokens, eq(oneTimeTokens.id, id), isGood(now));
  const spent = await tx.update(oneTimeTokens).set({ usedAt: now }).where(isIt).returning({ id: oneTimeTokens.id });
  return spent.length > 0;
}

const isGood = (now: Date): SQL | undefined =>
  and(isNull(oneTimeTokens.usedAt), isNull(oneTimeTokens.endedAt), gt(oneTimeTokens.expiresAt, now));

/** What an event hands to the domain that writes the e-mail. */
export const secretOf = ({ token, expiresAt }: OneTimeToken, sealer: Sealer) => ({ value: token, sealer, expiresAt });
