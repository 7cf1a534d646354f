import type { Id } from '@storegraph/core';
import { key, type Desk, type PlacedOrder } from './desk.ts';

/** An order that is paid and of which every unit has arrived. */
export async function delivered(desk: Desk, input: object = {}): Promise<PlacedOrder> {
  const order = await desk.order(input);
  await desk.pay(order, order.total.amount);
  const fulfillmentId = await desk.parcel(order);
  await desk.mutate('fulfillmentShip', { fulfillmentId });
  await desk.mutate('fulfillmentDeliver', { fulfillmentId });
  return order;
}

export const returnInput = (order: PlacedOrder, quantity: number, rest: object = {}) => ({
  orderId: order.id,
  lines: [{ lineId: order.lines[0]?.id, quantity, reason: 'SIZE' }],
  idempotencyKey: key(),
  ...rest,
});

export async function announced(desk: Desk, order: PlacedOrder, quantity: number, rest: object = {}): Promise<Id<'ret'>> {
  const answer = await desk.mutate<{ return: { id: Id<'ret'> } | null }>('returnRequest', returnInput(order, quantity, rest));
  if (!answer.return) throw new Error(`returnRequest was refused: ${JSON.stringify(answer)}`);
  return answer.return.id;
}

export const approved = (desk: Desk, order: PlacedOrder, quantity: number): Promise<Id<'ret'>> =>
  announced(desk, order, quantity, { approve: true });
