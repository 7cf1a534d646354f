import { fail, ok, type Id, type Result } from '@storegraph/core';
import { once, own, type Tx } from '@storegraph/database';
import { orderPaymentCaptured } from '@storegraph/events';
import { idempotencyKey, idOf, validate, type Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { captureGiftCardHold, releaseGiftCardHold } from '../../gift-card/ledger.ts';
import { positiveAmount } from '../../input.ts';
import { inCurrencyOf, record, type Fact } from '../../order/record.ts';
import type { OrderRow } from '../../order/tables.ts';
import { lockPayment } from '../lock.ts';
import { captureRefusal, openAmount, type CaptureRefusal } from '../payment.ts';
import { voidedFact } from '../release.ts';
import { orderPayments, type OrderPaymentRow } from '../tables.ts';

const schema = z.object({ paymentId: idOf('opm'), amount: positiveAmount.nullish(), idempotencyKey });
type Input = z.output<typeof schema>;

const messages: Readonly<Record<CaptureRefusal, string>> = {
  ALREADY_VOIDED: 'The payment was let go.',
  NOTHING_TO_CAPTURE: 'All that was authorised is captured.',
};

/** Captures the amount named; or else what the order still needs of what the payment holds, and lets the rest go. */
export async function orderPaymentCapture({ db, clock }: Context, given: unknown) {
  const checked = validate(schema, given);
  if (!checked.ok) return checked;
  const input = checked.value;
  return db.write((tx) => once(tx, 'orderPaymentCapture', input, () => capture(tx, input, clock.now())));
}

type Code = CaptureRefusal | 'NOT_FOUND' | 'AMOUNT_TOO_HIGH';

async function capture(tx: Tx, input: Input, now: Date): Promise<Result<{ payment: { id: Id<'opm'> }; order: { id: Id<'ord'> } }, Code>> {
  const locked = await lockPayment(tx, input.paymentId);
  if (!locked) return fail('NOT_FOUND', 'No such payment.', ['paymentId']);
  const { order, payment } = locked;
  const refusal = captureRefusal(payment);
  if (refusal) return fail(refusal, messages[refusal]);
  const held = openAmount(payment);
  // An edit may have lowered the total since the money was held.
  const amount = input.amount ?? smaller(held, order.total - order.captured);
  if (amount > held) return fail('AMOUNT_TOO_HIGH', 'The payment does not hold that much.', ['amount']);
  if (amount <= 0n) return fail('NOTHING_TO_CAPTURE', 'The order is paid: let the payment go, or name the amount.');

  const captured = { ...payment, captured: payment.captured + amount };
  const rest = input.amount ? 0n : held - amount;
  await tx
    .update(orderPayments)
    .set({ captured: captured.captured, capturedAt: now, ...(rest > 0n ? { voidedAt: now } : {}) })
    .where(own(tx, orderPayments, eq(orderPayments.id, payment.id)));
  if (payment.giftCardHoldId) {
    await captureGiftCardHold(tx, { holdId: payment.giftCardHoldId, amount, at: now });
    if (rest > 0n) await releaseGiftCardHold(tx, { holdId: payment.giftCardHoldId, at: now });
  }
  const facts = [capturedFact(order, payment, amount), ...(rest > 0n ? [voidedFact(order, captured)] : [])];
  await record(tx, order, { authorized: order.authorized - amount - rest, captured: order.captured + amount }, facts, now);
  return ok({ payment: { id: payment.id }, order: { id: order.id } });
}

const capturedFact = (order: OrderRow, { id: paymentId, tender, provider }: OrderPaymentRow, amount: bigint): Fact => ({
  kind: 'PAYMENT_CAPTURED',
  paymentId,
  amount,
  event: (stamp) => orderPaymentCaptured({ ...stamp, paymentId, tender, provider, amount: inCurrencyOf(order, amount) }),
});

const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);
