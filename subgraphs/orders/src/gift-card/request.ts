import { isCurrency } from '@storegraph/core';
import { first, own, type Tx } from '@storegraph/database';
import { defineReaction, emit, giftCardRefused, giftCardRequested, type EventOf } from '@storegraph/events';
import { and, eq } from 'drizzle-orm';
import { rememberCustomers } from '../customer/known.ts';
import { maxBalance } from './gift-card.ts';
import { issueGiftCard } from './issue.ts';
import { giftCards } from './tables.ts';

type Requested = EventOf<typeof giftCardRequested>;
type Refusal = 'INVALID_TERMS' | 'UNKNOWN_CURRENCY' | 'ALREADY_EXPIRED' | 'CUSTOMER_REQUIRED';

/** Issues what another domain asks for. One card for each key of a requester, however often it asks: an effect, so that a replay issues nothing. */
export const issueRequested = defineReaction({
  name: 'orders.issue-gift-card',
  kind: 'effect',
  on: [giftCardRequested],
  handle: async (tx, event, { sealer }) => {
    const { requester, key, terms } = event.payload;
    // Of two that ask at once the second finds the first one's card under the unique key, and tries again.
    if (await isIssued(tx, requester, key)) return;
    const reason = refusalOf(event);
    if (reason) return emit(tx, giftCardRefused({ requester, key, reason }));
    // Whoever names a customer of this store knows it: the event that tells of it may still be on its way here.
    if (terms.customerId) await rememberCustomers(tx, [terms.customerId]);
    const { recipientName = null, recipientEmail = null, senderName = null, message = null } = event.personal ?? {};
    const { kind, customerId, expiresAt, amount } = terms;
    const recipient = { recipientName, recipientEmail: recipientEmail?.trim().toLowerCase() ?? null, senderName, message };
    await issueGiftCard(
      tx,
      sealer,
      {
        ...recipient,
        kind,
        customerId,
        expiresAt,
        amount: amount.amount,
        currency: amount.currency,
        note: null,
        tags: [],
        requester,
        requestKey: key,
      },
      event.occurredAt,
    );
  },
});

async function isIssued(tx: Tx, requester: string, key: string): Promise<boolean> {
  const isRequest = and(eq(giftCards.requester, requester), eq(giftCards.requestKey, key));
  return (
    first(
      await tx
        .select({ id: giftCards.id })
        .from(giftCards)
        .where(own(tx, giftCards, isRequest)),
    ) !== undefined
  );
}

function refusalOf({ payload: { terms }, occurredAt }: Requested): Refusal | null {
  if (!isCurrency(terms.amount.currency)) return 'UNKNOWN_CURRENCY';
  if (terms.amount.amount <= 0n || terms.amount.amount > maxBalance) return 'INVALID_TERMS';
  if (terms.expiresAt && terms.expiresAt <= occurredAt) return 'ALREADY_EXPIRED';
  return terms.kind === 'STORE_CREDIT' && !terms.customerId ? 'CUSTOMER_REQUIRED' : null;
}
