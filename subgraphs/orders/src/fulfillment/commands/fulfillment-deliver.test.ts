import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { ordersHarness } from '../../../test/desk.ts';

const orders = await ordersHarness();
const desk = orders.desk();

describe('fulfillmentDeliver', () => {
  it('reports a parcel as arrived, and says when it was the last of its order', async () => {
    const order = await desk.order();
    const lineId = order.lines[0]?.id ?? '';
    const parcels = [await desk.parcel(order, [{ lineId, quantity: 1 }]), await desk.parcel(order)];
    const summaries = [];
    for (const fulfillmentId of parcels) {
      await desk.mutate('fulfillmentShip', { fulfillmentId });
      const { fulfillment } = await desk.mutate('fulfillmentDeliver', { fulfillmentId }, 'fulfillment { status order { summaryStatus } }');
      summaries.push(fulfillment);
    }
    expect(summaries).toEqual([
      { status: 'DELIVERED', order: { summaryStatus: 'PROCESSING' } },
      { status: 'DELIVERED', order: { summaryStatus: 'DELIVERED' } },
    ]);
    const events = await orders.admin(
      `select payload->'orderDelivered' as last from events.log where aggregate = $1 and type = 'fulfillment.delivered' order by recorded_at`,
      [order.id],
    );
    expect(events).toEqual([{ last: false }, { last: true }]);
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const parcel = await desk.parcel(await desk.order());
    const elsewhere = orders.desk();
    const foreign = await elsewhere.parcel(await elsewhere.order());
    const refused = (fulfillmentId: string) => desk.refused('fulfillmentDeliver', { fulfillmentId });
    expect(await refused('')).toEqual([['NOT_FOUND', 'fulfillmentId']]);
    expect(await refused(newId('ful'))).toEqual([['NOT_FOUND', 'fulfillmentId']]);
    expect(await refused(foreign)).toEqual([['NOT_FOUND', 'fulfillmentId']]);
    expect(await refused(parcel)).toEqual([['NOT_SHIPPED', null]]);
    await desk.mutate('fulfillmentShip', { fulfillmentId: parcel });
    await desk.mutate('fulfillmentDeliver', { fulfillmentId: parcel });
    expect(await refused(parcel)).toEqual([['ALREADY_DELIVERED', null]]);
  });
});
