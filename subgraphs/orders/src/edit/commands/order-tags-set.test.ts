import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { ordersHarness } from '../../../test/desk.ts';

const orders = await ordersHarness();
const desk = orders.desk();

describe('orderTagsSet', () => {
  it('gives an order these tags and no others, in lower case and each once', async () => {
    const { id: orderId } = await desk.order();
    const set = (tags: string[]) => desk.mutate('orderTagsSet', { orderId, tags }, 'order { version tags }');
    expect(await set(['Urgent', 'gift', 'URGENT'])).toMatchObject({ order: { version: 2, tags: ['gift', 'urgent'] } });
    expect(await set(['urgent', 'gift'])).toMatchObject({ order: { version: 2 } });
    expect(await set([])).toMatchObject({ order: { version: 3, tags: [] } });
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const order = await desk.order();
    const foreign = await orders.desk().order();
    const refused = (rest: object) => desk.refused('orderTagsSet', { orderId: order.id, tags: ['x'], ...rest });
    for (const orderId of ['', newId('ord'), foreign.id]) expect(await refused({ orderId })).toEqual([['NOT_FOUND', 'orderId']]);
    expect(await refused({ tags: ['x', ' '] })).toEqual([['REQUIRED', 'tags.1']]);
    expect(await refused({ tags: ['x'.repeat(51)] })).toEqual([['TOO_LONG', 'tags.0']]);
    expect(await refused({ tags: Array.from({ length: 51 }, (_, index) => `t${index}`) })).toEqual([['TOO_LONG', 'tags']]);
    expect(await desk.staff.data('query ($id: ID!) { order(id: $id) { tags version } }', { id: order.id })).toEqual({
      order: { tags: [], version: 1 },
    });
  });
});
