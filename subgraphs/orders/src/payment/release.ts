import { own, type Tx } from '@storegraph/database';
import { orderPaymentVoided } from '@storegraph/events';
import { eq, gt, isNull } from 'drizzle-orm';
import { inCurrencyOf, type Fact } from '../order/record.ts';
import type { OrderRow } from '../order/tables.ts';
import { orderPayments, type OrderPaymentRow } from './tables.ts';

/** Lets go of all that the payments of a locked order still hold. The caller records the facts, and what the order holds. */
export async function releaseHeld(tx: Tx, order: OrderRow, now: Date): Promise<Fact[]> {
  const released = await tx
    .update(orderPayments)
    .set({ voidedAt: now })
    .where(
      own(
        tx,
        orderPayments,
        eq(orderPayments.orderId, order.id),
        isNull(orderPayments.voidedAt),
        gt(orderPayments.authorized, orderPayments.captured),
      ),
    )
    .returning();
  return released.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map((payment) => voidedFact(order, payment));
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
