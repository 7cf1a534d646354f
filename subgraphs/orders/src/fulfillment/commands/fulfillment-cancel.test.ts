import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { ordersHarness } from '../../../test/desk.ts';

const orders = await ordersHarness();
const desk = orders.desk();

describe('fulfillmentCancel', () => {
  it('gives the units of a parcel free again, also of one that left', async () => {
    const order = await desk.order();
    const lost = await desk.parcel(order);
    await desk.mutate('fulfillmentShip', { fulfillmentId: lost });
    const { fulfillment } = await desk.mutate(
      'fulfillmentCancel',
      { fulfillmentId: lost },
      'fulfillment { status lines { line { allocatedQuantity shippedQuantity } } order { fulfillmentStatus } }',
    );
    expect(fulfillment).toEqual({
      status: 'CANCELLED',
      lines: [{ line: { allocatedQuantity: 0, shippedQuantity: 0 } }],
      order: { fulfillmentStatus: 'UNFULFILLED' },
    });
    await desk.parcel(order);
  });

  it('frees the units once, whatever comes at once', async () => {
    const order = await desk.order();
    const parcel = await desk.parcel(order);
    const answers = await Promise.all(Array.from({ length: 20 }, () => desk.mutate('fulfillmentCancel', { fulfillmentId: parcel })));
    expect(answers.filter((answer) => answer.userErrors.length === 0)).toHaveLength(1);
    await desk.parcel(order);
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const order = await desk.order();
    const parcel = await desk.parcel(order);
    const elsewhere = orders.desk();
    const foreign = await elsewhere.parcel(await elsewhere.order());
    const refused = (fulfillmentId: string) => desk.refused('fulfillmentCancel', { fulfillmentId });
    expect(await refused('x')).toEqual([['NOT_FOUND', 'fulfillmentId']]);
    expect(await refused(newId('ful'))).toEqual([['NOT_FOUND', 'fulfillmentId']]);
    expect(await refused(foreign)).toEqual([['NOT_FOUND', 'fulfillmentId']]);
    await desk.mutate('fulfillmentShip', { fulfillmentId: parcel });
    await desk.pay(order, 2500);
    await desk.mutate('orderComplete', { orderId: order.id });
    expect(await refused(parcel)).toEqual([['ORDER_CLOSED', null]]);
    await desk.mutate('fulfillmentDeliver', { fulfillmentId: parcel });
    expect(await refused(parcel)).toEqual([['ALREADY_DELIVERED', null]]);
  });
});
