import { fail, ok } from '@storegraph/core';
import { own } from '@storegraph/database';
import { readId, type Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { lockOrder } from '../../order/lock.ts';
import { draftRefusal } from '../../order/order.ts';
import { orders } from '../../order/tables.ts';

/** Takes a draft away, with its lines and timeline. The database lets nothing but drafts go. */
export function orderDraftDelete({ db }: Context, input: { readonly orderId: string }) {
  return db.write(async (tx) => {
    const order = await lockOrder(tx, readId('ord', input.orderId));
    if (!order) return fail('NOT_FOUND', 'No such order.', ['orderId']);
    const refusal = draftRefusal(order);
    if (refusal) return fail(refusal, 'The order is placed: cancel it instead.');
    await tx.delete(orders).where(own(tx, orders, eq(orders.id, order.id)));
    return ok(order);
  });
}
