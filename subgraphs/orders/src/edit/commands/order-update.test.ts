import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { ordersHarness } from '../../../test/desk.ts';

const orders = await ordersHarness();
const desk = orders.desk();
const selection =
  'order { version contact { name email } shippingAddress { city country } billingAddress { city } customerNote metadata events { nodes { kind internal } } }';

describe('orderUpdate', () => {
  it('changes whom an order is for and where it goes, and keeps what is left out', async () => {
    const order = await desk.order({ contact: { name: 'Ada', email: 'ada@example.com' }, customerNote: 'Ring twice' });
    const change = (rest: object) => desk.mutate('orderUpdate', { orderId: order.id, ...rest }, selection);
    await change({ shippingAddress: { city: 'London', country: 'GB' }, metadata: { erp: 7 } });
    expect(await change({ contact: { email: 'GRACE@example.com' }, customerNote: null })).toEqual({
      order: {
        version: 3,
        contact: { name: null, email: 'grace@example.com' },
        shippingAddress: { city: 'London', country: 'GB' },
        billingAddress: null,
        customerNote: null,
        metadata: { erp: 7 },
        events: {
          nodes: [
            { kind: 'PLACED', internal: false },
            { kind: 'UPDATED', internal: true },
            { kind: 'UPDATED', internal: true },
          ],
        },
      },
      userErrors: [],
    });
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const order = await desk.order();
    const foreign = await orders.desk().order();
    const refused = (rest: object) => desk.refused('orderUpdate', { orderId: order.id, ...rest });
    for (const orderId of ['', newId('ord'), foreign.id]) expect(await refused({ orderId })).toEqual([['NOT_FOUND', 'orderId']]);
    expect(await refused({ contact: { email: 'nobody' } })).toEqual([['INVALID', 'contact.email']]);
    expect(await refused({ shippingAddress: { country: 'XX' } })).toEqual([['INVALID', 'shippingAddress.country']]);
    expect(await refused({ customerNote: 'x'.repeat(5001) })).toEqual([['TOO_LONG', 'customerNote']]);
    expect(await refused({ metadata: { text: 'x'.repeat(20_001) } })).toEqual([['TOO_LONG', 'metadata']]);
    expect(await desk.staff.data('query ($id: ID!) { order(id: $id) { version } }', { id: order.id })).toEqual({ order: { version: 1 } });
    await desk.mutate('fulfillmentShip', { fulfillmentId: await desk.parcel(order) });
    expect(await refused({ shippingAddress: { country: 'GB' } })).toEqual([['ALREADY_SHIPPED', 'shippingAddress']]);
  });
});
