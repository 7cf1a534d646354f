import { fail, ok, type Id, type Result } from '@storegraph/core';
import { integers, once, own, type Tx, uuids } from '@storegraph/database';
import { refundCancelled } from '@storegraph/events';
import { idempotencyKey, idOf, validate, type Context } from '@storegraph/subgraph';
import { and, eq, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import { inCurrencyOf, record, type Fact } from '../../order/record.ts';
import { orderLines, type OrderRow } from '../../order/tables.ts';
import { lockRefund } from '../lock.ts';
import { settleRefusal, type SettleRefusal } from '../payment.ts';
import { unitsOf } from '../settle.ts';
import { orderPayments, refundPayments, refunds, type RefundRow } from '../tables.ts';
import { settleMessages } from './refund-settle.ts';

const schema = z.object({ refundId: idOf('rfd'), idempotencyKey });
type Input = z.output<typeof schema>;

export async function refundCancel({ db, clock }: Context, given: unknown) {
  const checked = validate(schema, given);
  if (!checked.ok) return checked;
  const input = checked.value;
  return db.write((tx) => once(tx, 'refundCancel', input, () => cancel(tx, input, clock.now())));
}

async function cancel(
  tx: Tx,
  input: Input,
  now: Date,
): Promise<Result<{ refund: { id: Id<'rfd'> }; order: { id: Id<'ord'> } }, SettleRefusal | 'NOT_FOUND'>> {
  const locked = await lockRefund(tx, input.refundId);
  if (!locked) return fail('NOT_FOUND', 'No such refund.', ['refundId']);
  const { refund, order } = locked;
  const refusal = order ? settleRefusal(refund) : 'ALREADY_SETTLED';
  if (refusal || !order) return fail(refusal ?? 'ALREADY_SETTLED', settleMessages[refusal ?? 'ALREADY_SETTLED']);

  const freed = refund.amount - refund.settled;
  await tx.execute(sql`
    update ${orderPayments} set granted = ${orderPayments.granted} - ${refundPayments.amount}, updated_at = now()
    from ${refundPayments}
    where ${own(tx, refundPayments, and(eq(refundPayments.refundId, refund.id), isNull(refundPayments.settledAt)))}
      and ${own(tx, orderPayments)} and ${orderPayments.id} = ${refundPayments.paymentId}`);
  // Units of which some money has gone back stay refunded.
  if (refund.settled === 0n) await freeUnits(tx, refund.id);
  await tx
    .update(refunds)
    .set({ cancelledAt: now })
    .where(own(tx, refunds, eq(refunds.id, refund.id)));
  await record(tx, order, { granted: order.granted - freed }, [cancelledFact(order, refund, freed)], now);
  return ok({ refund: { id: refund.id }, order: { id: order.id } });
}

async function freeUnits(tx: Tx, refundId: Id<'rfd'>): Promise<void> {
  const units = await unitsOf(tx, refundId);
  if (units.length === 0) return;
  await tx.execute(sql`
    update ${orderLines} set refunded = refunded - freed.quantity
    from unnest(${uuids(units.map(({ lineId }) => lineId))}, ${integers(units.map(({ quantity }) => quantity))}) as freed (id, quantity)
    where ${own(tx, orderLines)} and ${orderLines.id} = freed.id`);
}

const cancelledFact = (order: OrderRow, refund: RefundRow, amount: bigint): Fact => ({
  kind: 'REFUND_CANCELLED',
  amount,
  refundId: refund.id,
  reason: refund.reason,
  event: (stamp) => refundCancelled({ ...stamp, refundId: refund.id, amount: inCurrencyOf(order, amount), reason: refund.reason }),
});
