import type { Tx } from '@storegraph/database';
import { creditGiftCard, holdsOf, lockCards } from '../gift-card/ledger.ts';
import type { OrderRow } from '../order/tables.ts';
import type { Share } from './payment.ts';
import type { OrderPaymentRow, RefundRow } from './tables.ts';

/** Puts the shares of payments by gift card back on their cards. */
export async function creditCards(
  tx: Tx,
  order: OrderRow,
  refund: RefundRow,
  shares: readonly Share<OrderPaymentRow>[],
  at: Date,
): Promise<void> {
  const holds = await holdsOf(
    tx,
    shares.flatMap(({ payment }) => payment.giftCardHoldId ?? []),
  );
  await lockCards(
    tx,
    [...holds.values()].map(({ cardId }) => cardId),
  );
  for (const { payment, amount } of shares) {
    const hold = payment.giftCardHoldId && holds.get(payment.giftCardHoldId);
    if (hold) await creditGiftCard(tx, { cardId: hold.cardId, amount, orderId: order.id, refundId: refund.id, at });
  }
}
