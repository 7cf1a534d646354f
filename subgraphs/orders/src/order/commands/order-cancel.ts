import { fail, ok, type Id, type Result } from '@storegraph/core';
import { once, type Tx } from '@storegraph/database';
import { orderCancelled } from '@storegraph/events';
import { idempotencyKey, idOf, validate, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import { cancelPending } from '../../fulfillment/move.ts';
import { giveBackAll } from '../../payment/give-back.ts';
import { lockOrder } from '../lock.ts';
import { cancelRefusal, type CancelRefusal } from '../order.ts';
import { inCurrencyOf, record, type Fact } from '../record.ts';
import { releaseEverything } from '../release.ts';
import { cancelReasons } from '../tables.ts';

const schema = z.object({ orderId: idOf('ord'), reason: z.enum(cancelReasons), refund: z.boolean().nullish(), idempotencyKey });
type Input = z.output<typeof schema>;

const messages: Readonly<Record<CancelRefusal, string>> = {
  ORDER_IS_DRAFT: 'A draft is not cancelled but deleted.',
  ALREADY_CANCELLED: 'The order is cancelled already.',
  ALREADY_SHIPPED: 'Something of the order has left.',
  ORDER_CLOSED: 'The order is completed or expired.',
};

export async function orderCancel({ db, clock, identity }: Context, given: unknown) {
  const checked = validate(schema, given);
  if (!checked.ok) return checked;
  const input = checked.value;
  if (input.refund && identity.kind !== 'SYSTEM' && !identity.permissions.includes('orders:refund')) {
    return fail('REFUND_NOT_PERMITTED', 'You may cancel and not refund.', ['refund']);
  }
  return db.write((tx) => once(tx, 'orderCancel', input, () => cancel(tx, input, clock.now())));
}

async function cancel(tx: Tx, input: Input, now: Date): Promise<Result<{ id: Id<'ord'> }, CancelRefusal | 'NOT_FOUND'>> {
  const order = await lockOrder(tx, input.orderId);
  if (!order) return fail('NOT_FOUND', 'No such order.', ['orderId']);
  const refusal = cancelRefusal(order);
  if (refusal) return fail(refusal, messages[refusal]);

  const parcels = order.allocatedUnits > 0 ? await cancelPending(tx, order, now) : [];
  // A capture at the same time waits for the order: it comes before, and is kept, or after, and finds its payment voided.
  const voided = await releaseEverything(tx, order, now);
  const cancelled: Fact = {
    kind: 'CANCELLED',
    reason: input.reason,
    event: (stamp) => orderCancelled({ ...stamp, reason: input.reason, total: inCurrencyOf(order, order.total) }),
  };
  const about = { source: 'CANCELLATION', reason: 'CANCELLED', note: null } as const;
  const refunded = input.refund && order.captured > order.refunded ? await giveBackAll(tx, order, about, now) : undefined;
  await record(
    tx,
    order,
    {
      status: 'CANCELLED',
      cancelledAt: now,
      cancelReason: input.reason,
      allocatedUnits: 0,
      authorized: 0n,
      ...(refunded ? { refunded: order.refunded + refunded.refund.amount } : {}),
    },
    [...parcels, ...voided, cancelled, ...(refunded ? [refunded.fact] : [])],
    now,
  );
  return ok({ id: order.id });
}
