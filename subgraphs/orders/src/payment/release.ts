import { own, type Tx } from '@storegraph/database';
import { orderPaymentVoided } from '@storegraph/events';
import { eq, inArray } from 'drizzle-orm';
import { holdsOf, lockCards, releaseGiftCardHold } from '../gift-card/ledger.ts';
import { inCurrencyOf, type Fact } from '../order/record.ts';
import type { OrderRow } from '../order/tables.ts';
import { paymentsOf } from './give-back.ts';
import { openAmount } from './payment.ts';
import { orderPayments, type OrderPaymentRow } from './tables.ts';

/**
 * Lets go of all that the payments of a locked order still hold, gift cards included. The caller records the facts, and what the order holds. The
 * order's cards are taken all at once, also those that hold nothing: a refund in the same transaction finds them taken in the right order.
 */
export async function releaseHeld(tx: Tx, order: OrderRow, now: Date): Promise<Fact[]> {
  const payments = await paymentsOf(tx, order);
  const holds = await holdsOf(
    tx,
    payments.flatMap(({ giftCardHoldId }) => giftCardHoldId ?? []),
  );
  await lockCards(
    tx,
    [...holds.values()].map(({ cardId }) => cardId),
  );
  const open = payments.filter((payment) => openAmount(payment) > 0n);
  if (open.length > 0) {
    await tx
      .update(orderPayments)
      .set({ voidedAt: now })
      .where(
        own(
          tx,
          orderPayments,
          eq(orderPayments.orderId, order.id),
          inArray(
            orderPayments.id,
            open.map(({ id }) => id),
          ),
        ),
      );
  }
  for (const { giftCardHoldId } of open) if (giftCardHoldId) await releaseGiftCardHold(tx, { holdId: giftCardHoldId, at: now });
  return open.map((payment) => voidedFact(order, payment));
}

/** The fact that a payment let go of what it held and had not captured. */
export function voidedFact(order: OrderRow, { id: paymentId, tender, provider, authorized, captured }: OrderPaymentRow): Fact {
  const amount = authorized - captured;
  return {
    kind: 'PAYMENT_VOIDED',
    paymentId,
    amount,
    event: (stamp) => orderPaymentVoided({ ...stamp, paymentId, tender, provider, released: inCurrencyOf(order, amount) }),
  };
}
