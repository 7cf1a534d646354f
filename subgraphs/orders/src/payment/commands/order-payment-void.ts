import { fail, ok, type Id, type Result } from '@storegraph/core';
import { once, own, type Tx } from '@storegraph/database';
import { idempotencyKey, idOf, validate, type Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { releaseGiftCardHold } from '../../gift-card/ledger.ts';
import { keptFromExpiry } from '../../order/order.ts';
import { record } from '../../order/record.ts';
import { lockPayment } from '../lock.ts';
import { openAmount, voidRefusal, type VoidRefusal } from '../payment.ts';
import { voidedFact } from '../release.ts';
import { orderPayments } from '../tables.ts';

const schema = z.object({ paymentId: idOf('opm'), idempotencyKey });
type Input = z.output<typeof schema>;

const messages: Readonly<Record<VoidRefusal, string>> = {
  ALREADY_VOIDED: 'The payment was let go already.',
  NOTHING_TO_VOID: 'All of the payment is captured.',
};

export async function orderPaymentVoid({ db, clock }: Context, given: unknown) {
  const checked = validate(schema, given);
  if (!checked.ok) return checked;
  const input = checked.value;
  return db.write((tx) => once(tx, 'orderPaymentVoid', input, () => release(tx, input, clock.now())));
}

async function release(
  tx: Tx,
  input: Input,
  now: Date,
): Promise<Result<{ payment: { id: Id<'opm'> }; order: { id: Id<'ord'> } }, VoidRefusal | 'NOT_FOUND'>> {
  const locked = await lockPayment(tx, input.paymentId);
  if (!locked) return fail('NOT_FOUND', 'No such payment.', ['paymentId']);
  const { order, payment } = locked;
  const refusal = voidRefusal(payment);
  if (refusal) return fail(refusal, messages[refusal]);

  const released = openAmount(payment);
  await tx
    .update(orderPayments)
    .set({ voidedAt: now })
    .where(own(tx, orderPayments, eq(orderPayments.id, payment.id)));
  if (payment.giftCardHoldId) await releaseGiftCardHold(tx, { holdId: payment.giftCardHoldId, at: now });
  await record(
    tx,
    order,
    { authorized: order.authorized - released, ...keptFromExpiry(order, released) },
    [voidedFact(order, payment)],
    now,
  );
  return ok({ payment: { id: payment.id }, order: { id: order.id } });
}
