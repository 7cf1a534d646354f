import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { key, ordersHarness } from '../../../test/desk.ts';

const orders = await ordersHarness();
const desk = orders.desk();
const shipped = async (order: { id: string }) => desk.mutate('fulfillmentShip', { fulfillmentId: await desk.parcel(order) });

describe('orderComplete', () => {
  it('closes an order that is paid and has left, and tells it with an event', async () => {
    const order = await desk.order();
    await desk.pay(order, 2500);
    await shipped(order);
    const answer = await desk.mutate(
      'orderComplete',
      { orderId: order.id },
      'order { status summaryStatus availableTransitions { name allowed reason } }',
    );
    expect(answer).toEqual({
      order: {
        status: 'COMPLETED',
        summaryStatus: 'COMPLETED',
        availableTransitions: [
          { name: 'orderDraftUpdate', allowed: false, reason: 'NOT_A_DRAFT' },
          { name: 'orderDraftComplete', allowed: false, reason: 'NOT_A_DRAFT' },
          { name: 'orderDraftDelete', allowed: false, reason: 'NOT_A_DRAFT' },
          { name: 'orderEdit', allowed: false, reason: 'ORDER_CLOSED' },
          { name: 'orderCancel', allowed: false, reason: 'ORDER_CLOSED' },
          { name: 'orderComplete', allowed: false, reason: 'ALREADY_COMPLETED' },
          { name: 'orderPaymentRecord', allowed: true, reason: null },
          { name: 'orderRefund', allowed: true, reason: null },
          { name: 'fulfillmentCreate', allowed: false, reason: 'ORDER_CLOSED' },
          { name: 'returnRequest', allowed: true, reason: null },
        ],
      },
      userErrors: [],
    });
    const events = await orders.admin(
      `select type, (payload->>'orderVersion')::int as version from events.log where aggregate = $1 and producer = 'orders' and type <> 'activity.recorded' order by version`,
      [order.id],
    );
    expect(events).toEqual([
      { type: 'order.placed', version: 1 },
      { type: 'orderPayment.recorded', version: 2 },
      { type: 'order.paid', version: 3 },
      { type: 'fulfillment.created', version: 4 },
      { type: 'fulfillment.shipped', version: 5 },
      { type: 'order.completed', version: 6 },
    ]);
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const foreign = await orders.desk().order();
    expect(await desk.refused('orderComplete', { orderId: '' })).toEqual([['NOT_FOUND', 'orderId']]);
    expect(await desk.refused('orderComplete', { orderId: newId('ord') })).toEqual([['NOT_FOUND', 'orderId']]);
    expect(await desk.refused('orderComplete', { orderId: foreign.id })).toEqual([['NOT_FOUND', 'orderId']]);
    const order = await desk.order();
    expect(await desk.refused('orderComplete', { orderId: order.id })).toEqual([['NOT_PAID', null]]);
    await desk.pay(order, 2500);
    expect(await desk.refused('orderComplete', { orderId: order.id })).toEqual([['NOT_FULFILLED', null]]);
    await shipped(order);
    await desk.mutate('orderComplete', { orderId: order.id });
    expect(await desk.refused('orderComplete', { orderId: order.id })).toEqual([['ALREADY_COMPLETED', null]]);
    const cancelled = await desk.order();
    await desk.mutate('orderCancel', { orderId: cancelled.id, reason: 'STAFF', idempotencyKey: key() });
    expect(await desk.refused('orderComplete', { orderId: cancelled.id })).toEqual([['ORDER_CLOSED', null]]);
  });
});
