import type { Sealer } from '@storegraph/auth';
import { newId } from '@storegraph/core';
import { one, owned, type Tx } from '@storegraph/database';
import { emit, giftCardIssued, type Secret } from '@storegraph/events';
import { ensureCodeKey, hashCode, lastFourOf, newCode } from './code.ts';
import { stampOf } from './entry-event.ts';
import { note } from './ledger.ts';
import { giftCards, type GiftCardRow } from './tables.ts';

export type Terms = Pick<
  GiftCardRow,
  'kind' | 'customerId' | 'currency' | 'expiresAt' | 'recipientName' | 'recipientEmail' | 'senderName' | 'message' | 'note' | 'tags'
> & {
  readonly amount: bigint;
  readonly requester: string | null;
  readonly requestKey: string | null;
};

export interface Issued {
  readonly card: GiftCardRow;
  /** Null for store credit. Here and in the event for messaging it is for the last time. */
  readonly code: string | null;
}

/** Issues a card with its first entry, and tells it; the code goes with the event as a secret for messaging. */
export async function issueGiftCard(tx: Tx, sealer: Sealer, { amount, ...terms }: Terms, at: Date): Promise<Issued> {
  const code = terms.kind === 'GIFT_CARD' ? newCode() : null;
  const hashed = code === null ? { codeHash: null, lastFour: null } : await hashedCode(tx, sealer, code);
  const card = one(
    await tx
      .insert(giftCards)
      .values(owned(tx, { ...terms, ...hashed, id: newId('gft'), initial: amount, balance: amount, held: 0n, version: 1, issuedAt: at }))
      .returning(),
  );
  await note(tx, card, { kind: 'ISSUE', amount, at });
  const { kind, lastFour, expiresAt, requester, requestKey: key } = card;
  const issued = giftCardIssued(
    { ...stampOf(card), kind, lastFour, expiresAt, requester, key },
    { personal: recipientOf(card), ...(code === null ? {} : { secret: codeSecret(sealer, code, at) }) },
  );
  await emit(tx, { ...issued, occurredAt: at });
  return { card, code };
}

/** What the table keeps of a code. */
export const hashedCode = async (tx: Tx, sealer: Sealer, code: string): Promise<{ codeHash: string; lastFour: string }> => ({
  codeHash: hashCode(await ensureCodeKey(tx, sealer), code),
  lastFour: lastFourOf(code),
});

const codeLifeMs = 7 * 24 * 60 * 60 * 1000;

/** A code on its way to whoever mails it: gone from the log after a week. */
export const codeSecret = (sealer: Sealer, value: string, at: Date): Secret => ({
  value,
  sealer,
  expiresAt: new Date(at.getTime() + codeLifeMs),
});

export const recipientOf = ({ recipientName, recipientEmail, senderName, message }: GiftCardRow) => ({
  recipientName,
  recipientEmail,
  senderName,
  message,
});
