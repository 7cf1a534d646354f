import { fail, ok } from '@storegraph/core';
import { orderCompleted } from '@storegraph/events';
import { readId, type Context } from '@storegraph/subgraph';
import { lockOrder } from '../lock.ts';
import { completeRefusal, type CompleteRefusal } from '../order.ts';
import { inCurrencyOf, record, type Fact } from '../record.ts';

const messages: Readonly<Record<CompleteRefusal, string>> = {
  ALREADY_COMPLETED: 'The order is completed already.',
  ORDER_CLOSED: 'The order is not open.',
  NOT_PAID: 'Captured payments do not cover the total.',
  NOT_FULFILLED: 'Not every unit has left.',
};

export function orderComplete({ db, clock }: Context, input: { readonly orderId: string }) {
  return db.write(async (tx) => {
    const order = await lockOrder(tx, readId('ord', input.orderId));
    if (!order) return fail('NOT_FOUND', 'No such order.', ['orderId']);
    const refusal = completeRefusal(order);
    if (refusal) return fail(refusal, messages[refusal]);
    const now = clock.now();
    const completed: Fact = {
      kind: 'COMPLETED',
      event: (stamp) =>
        orderCompleted({ ...stamp, total: inCurrencyOf(order, order.total), refunded: inCurrencyOf(order, order.refunded) }),
    };
    await record(tx, order, { status: 'COMPLETED', completedAt: now }, [completed], now);
    return ok({ id: order.id });
  });
}
