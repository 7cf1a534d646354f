import type { Sealer } from '@storegraph/auth';
import { fail, newId, ok, type Id, type Result } from '@storegraph/core';
import { one, owned, type Tx } from '@storegraph/database';
import { orderPaymentRecorded } from '@storegraph/events';
import { inCurrencyOf, type Fact } from '../order/record.ts';
import type { OrderRow } from '../order/tables.ts';
import { orderPayments, type OrderPaymentRow } from '../payment/tables.ts';
import { available } from './gift-card.ts';
import { findGiftCardByCode } from './code.ts';
import { holdGiftCard, lockCard, type HoldRefusal } from './ledger.ts';

/** A card by its id, or by its code together with what opens the store's key. `amount`: as much as the order needs and the card has, when left out. */
export type GiftCardAsked = { readonly amount?: bigint | null } & (
  { readonly cardId: Id<'gft'> } | { readonly code: string; readonly sealer: Sealer }
);

export interface AppliedGiftCard {
  readonly payment: OrderPaymentRow;
  readonly fact: Fact;
  /** What the order's `authorized` grows by. */
  readonly authorized: bigint;
}

export type ApplyCode = HoldRefusal | 'ORDER_IS_DRAFT' | 'ORDER_CLOSED' | 'NOTHING_TO_PAY' | 'AMOUNT_TOO_HIGH';

/**
 * Pays for an order that has been locked with a gift card or store credit: a payment that holds the amount on the card. The caller records the
 * fact with what it changes on the order. Several cards of one transaction are applied in the order of their ids.
 */
export async function applyGiftCard(tx: Tx, order: OrderRow, asked: GiftCardAsked, now: Date): Promise<Result<AppliedGiftCard, ApplyCode>> {
  if (order.status === 'DRAFT') return fail('ORDER_IS_DRAFT', 'A draft has no payments yet.');
  if (order.status === 'CANCELLED' || order.status === 'EXPIRED') return fail('ORDER_CLOSED', 'The order is cancelled or expired.');
  const due = order.total - order.captured - order.authorized;
  if (due <= 0n) return fail('NOTHING_TO_PAY', 'Payments cover the order already.');
  if (asked.amount && asked.amount > due) return fail('AMOUNT_TOO_HIGH', `Only ${due} is left to pay.`, ['amount']);

  const found = 'cardId' in asked ? asked.cardId : (await findGiftCardByCode(tx, asked.sealer, asked.code))?.id;
  const card = found && (await lockCard(tx, found));
  if (!card) return fail('NOT_FOUND', 'No such gift card.', ['code']);
  const most = available(card) < due ? available(card) : due;
  const { currency, customerId, id: orderId } = order;
  const held = await holdGiftCard(tx, { cardId: card.id, amount: asked.amount ?? most, currency, orderId, customerId, at: now });
  if (!held.ok) return held;

  const payment = one(
    await tx
      .insert(orderPayments)
      .values(
        owned(tx, {
          id: newId('opm'),
          orderId,
          customerId,
          tender: 'GIFT_CARD' as const,
          provider: null,
          externalId: null,
          currency,
          authorized: held.value.amount,
          captured: 0n,
          refunded: 0n,
          giftCardHoldId: held.value.holdId,
        }),
      )
      .returning(),
  );
  return ok({ payment, fact: appliedFact(order, payment), authorized: payment.authorized });
}

const appliedFact = (order: OrderRow, { id: paymentId, tender, provider, authorized, captured }: OrderPaymentRow): Fact => ({
  kind: 'GIFT_CARD_APPLIED',
  paymentId,
  amount: authorized,
  event: (stamp) =>
    orderPaymentRecorded({
      ...stamp,
      paymentId,
      tender,
      provider,
      authorized: inCurrencyOf(order, authorized),
      captured: inCurrencyOf(order, captured),
    }),
});
