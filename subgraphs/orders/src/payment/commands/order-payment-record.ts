import { fail, newId, ok, type Id, type Result } from '@storegraph/core';
import { first, once, owned, type Tx } from '@storegraph/database';
import { orderPaymentRecorded } from '@storegraph/events';
import { idempotencyKey, idOf, text, validate, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import { liveSystemName, maxTotal, positiveAmount } from '../../input.ts';
import { lockOrder } from '../../order/lock.ts';
import { payRefusal } from '../../order/order.ts';
import { inCurrencyOf, record, type Fact } from '../../order/record.ts';
import type { OrderRow } from '../../order/tables.ts';
import { openAmount, tenders } from '../payment.ts';
import { orderPayments, type OrderPaymentRow } from '../tables.ts';

const schema = z.object({
  orderId: idOf('ord'),
  tender: z.enum(tenders),
  provider: liveSystemName(50).nullish(),
  externalId: text(200).nullish(),
  authorized: positiveAmount.nullish(),
  captured: positiveAmount.nullish(),
  idempotencyKey,
});
type Input = z.output<typeof schema>;

export async function orderPaymentRecord({ db, clock }: Context, given: unknown) {
  const checked = validate(schema, given);
  if (!checked.ok) return checked;
  const input = checked.value;
  const captured = input.captured ?? 0n;
  const authorized = input.authorized ?? captured;
  if (authorized === 0n) return fail('REQUIRED', 'Say what is authorised, what is captured, or both.', ['captured']);
  if (captured > authorized) return fail('AMOUNT_TOO_HIGH', 'More is captured than authorised.', ['captured']);
  if (input.externalId && !input.provider) return fail('REQUIRED', "The provider's id needs its provider.", ['provider']);
  return db.write((tx) => once(tx, 'orderPaymentRecord', input, () => add(tx, input, { authorized, captured }, clock.now())));
}

type Code = 'NOT_FOUND' | 'ORDER_IS_DRAFT' | 'AMOUNT_TOO_HIGH' | 'EXTERNAL_ID_TAKEN';
type Amounts = Pick<OrderPaymentRow, 'authorized' | 'captured'>;

async function add(
  tx: Tx,
  input: Input,
  { authorized, captured }: Amounts,
  now: Date,
): Promise<Result<{ payment: { id: Id<'opm'> }; order: { id: Id<'ord'> } }, Code>> {
  const order = await lockOrder(tx, input.orderId);
  if (!order) return fail('NOT_FOUND', 'No such order.', ['orderId']);
  const refusal = payRefusal(order);
  if (refusal) return fail(refusal, 'A draft has no payments yet.');
  if (order.captured + order.authorized + authorized > maxTotal)
    return fail('AMOUNT_TOO_HIGH', "The order's payments add up to more than 10,000,000,000,000 minor units.");

  const payment = first(
    await tx
      .insert(orderPayments)
      .values(
        owned(tx, {
          id: newId('opm'),
          orderId: order.id,
          customerId: order.customerId,
          tender: input.tender,
          provider: input.provider ?? null,
          externalId: input.externalId ?? null,
          currency: order.currency,
          authorized,
          captured,
          refunded: 0n,
          capturedAt: captured > 0n ? now : null,
        }),
      )
      .onConflictDoNothing({ target: [orderPayments.storeId, orderPayments.provider, orderPayments.externalId] })
      .returning(),
  );
  if (!payment) return fail('EXTERNAL_ID_TAKEN', 'This payment of the provider was recorded before.', ['externalId']);

  const changes = { authorized: order.authorized + openAmount(payment), captured: order.captured + captured };
  await record(tx, order, changes, [recordedFact(order, payment)], now);
  return ok({ payment: { id: payment.id }, order: { id: order.id } });
}

const recordedFact = (order: OrderRow, { id: paymentId, tender, provider, authorized, captured }: OrderPaymentRow): Fact => ({
  kind: 'PAYMENT_RECORDED',
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
