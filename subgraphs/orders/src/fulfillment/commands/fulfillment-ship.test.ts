import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { line, ordersHarness } from '../../../test/desk.ts';

const orders = await ordersHarness();
const desk = orders.desk();

describe('fulfillmentShip', () => {
  it('reports a parcel as sent with its tracking, and tells it with an event', async () => {
    const order = await desk.order({ lines: [line({ quantity: 2 })], contact: { email: 'ada@example.com' } });
    const parcel = await desk.parcel(order, [{ lineId: order.lines[0]?.id ?? '', quantity: 1 }]);
    const tracking = { carrier: 'DHL', trackingNumber: '00340434', trackingUrl: 'https://dhl.example/00340434' };
    const answer = await desk.mutate(
      'fulfillmentShip',
      { fulfillmentId: parcel, ...tracking },
      'fulfillment { status carrier trackingNumber trackingUrl availableTransitions { name allowed reason } order { fulfillmentStatus shippedAt } }',
    );
    expect(answer).toMatchObject({
      fulfillment: {
        status: 'SHIPPED',
        ...tracking,
        availableTransitions: [
          { name: 'fulfillmentShip', allowed: false, reason: 'ALREADY_SHIPPED' },
          { name: 'fulfillmentDeliver', allowed: true, reason: null },
          { name: 'fulfillmentCancel', allowed: true, reason: null },
        ],
        order: { fulfillmentStatus: 'PARTIALLY_FULFILLED', shippedAt: expect.any(String) },
      },
    });
    const [event] = await orders.admin(`select payload, personal from events.log where aggregate = $1 and type = 'fulfillment.shipped'`, [
      order.id,
    ]);
    expect(event).toMatchObject({
      payload: { fulfillmentId: parcel, orderVersion: 3 },
      personal: { email: 'ada@example.com', ...tracking },
    });
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const parcel = await desk.parcel(await desk.order());
    const elsewhere = orders.desk();
    const foreign = await elsewhere.parcel(await elsewhere.order());
    const refused = (fulfillmentId: string, rest: object = {}) => desk.refused('fulfillmentShip', { fulfillmentId, ...rest });
    expect(await refused(parcel, { trackingUrl: 'javascript:alert(1)' })).toEqual([['INVALID', 'trackingUrl']]);
    expect(await refused(parcel, { trackingUrl: 'http://dhl.example/00340434' })).toEqual([['INVALID', 'trackingUrl']]);
    expect(await refused(parcel, { trackingNumber: 'x'.repeat(201) })).toEqual([['TOO_LONG', 'trackingNumber']]);
    expect(await refused(parcel, { carrier: ' ' })).toEqual([['REQUIRED', 'carrier']]);
    expect(await refused('ful_')).toEqual([['NOT_FOUND', 'fulfillmentId']]);
    expect(await refused(newId('ful'))).toEqual([['NOT_FOUND', 'fulfillmentId']]);
    expect(await refused(foreign)).toEqual([['NOT_FOUND', 'fulfillmentId']]);
    await desk.mutate('fulfillmentShip', { fulfillmentId: parcel });
    expect(await refused(parcel)).toEqual([['ALREADY_SHIPPED', null]]);
    await desk.mutate('fulfillmentDeliver', { fulfillmentId: parcel });
    expect(await refused(parcel)).toEqual([['ALREADY_DELIVERED', null]]);
  });
});
