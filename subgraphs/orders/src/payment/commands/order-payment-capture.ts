import { fail, ok, type Id, type Result } from '@storegraph/core';
import { once, own, type Tx } from '@storegraph/database';
import { orderPaymentCaptured } from '@storegraph/events';
import { idempotencyKey, idOf, validate, type Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { captureGiftCardHold } from '../../gift-card/ledger.ts';
import { positiveAmount } from '../../input.ts';
import { inCurrencyOf, record, type Fact } from '../../order/record.ts';
import { lockPayment } from '../lock.ts';
import { captureRefusal, openAmount, type CaptureRefusal } from '../payment.ts';
import { orderPayments } from '../tables.ts';

const schema = z.object({ paymentId: idOf('opm'), amount: positiveAmount.nullish(), idempotencyKey });
type Input = z.output<typeof schema>;

const messages: Readonly<Record<CaptureRefusal, string>> = {
  ALREADY_VOIDED: 'The payment was let go.',
  NOTHING_TO_CAPTURE: 'All that was authorised is captured.',
};

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
  const amount = input.amount ?? openAmount(payment);
  if (amount > openAmount(payment)) return fail('AMOUNT_TOO_HIGH', 'The payment does not hold that much.', ['amount']);

  await tx
    .update(orderPayments)
    .set({ captured: payment.captured + amount, capturedAt: now })
    .where(own(tx, orderPayments, eq(orderPayments.id, payment.id)));
  if (payment.giftCardHoldId) await captureGiftCardHold(tx, { holdId: payment.giftCardHoldId, amount, at: now });
  const { id: paymentId, tender, provider } = payment;
  const captured: Fact = {
    kind: 'PAYMENT_CAPTURED',
    paymentId,
    amount,
    event: (stamp) => orderPaymentCaptured({ ...stamp, paymentId, tender, provider, amount: inCurrencyOf(order, amount) }),
  };
  await record(tx, order, { authorized: order.authorized - amount, captured: order.captured + amount }, [captured], now);
  return ok({ payment: { id: paymentId }, order: { id: order.id } });
}
