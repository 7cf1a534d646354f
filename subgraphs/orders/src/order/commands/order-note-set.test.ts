import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { ordersHarness } from '../../../test/desk.ts';

const orders = await ordersHarness();
const desk = orders.desk();

describe('orderNoteSet', () => {
  it('sets and takes away the note, and tells the timeline that, not what, was written', async () => {
    const order = await desk.order();
    const set = (note: string | null) =>
      desk.mutate('orderNoteSet', { orderId: order.id, note }, 'order { note version events { nodes { kind internal reason } } }');
    expect(await set(' Rings twice. ')).toMatchObject({ order: { note: 'Rings twice.', version: 2 } });
    expect(await set('Rings twice.')).toMatchObject({ order: { version: 2 } });
    expect(await set(null)).toEqual({
      order: {
        note: null,
        version: 3,
        events: {
          nodes: [
            { kind: 'PLACED', internal: false, reason: null },
            { kind: 'NOTE_SET', internal: true, reason: null },
            { kind: 'NOTE_SET', internal: true, reason: null },
          ],
        },
      },
      userErrors: [],
    });
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const order = await desk.order();
    const foreign = await orders.desk().order();
    expect(await desk.refused('orderNoteSet', { orderId: order.id, note: ' ' })).toEqual([['REQUIRED', 'note']]);
    expect(await desk.refused('orderNoteSet', { orderId: order.id, note: 'x'.repeat(5001) })).toEqual([['TOO_LONG', 'note']]);
    expect(await desk.refused('orderNoteSet', { orderId: order.id, note: 'a\u0007b' })).toEqual([['INVALID', 'note']]);
    expect(await desk.refused('orderNoteSet', { orderId: 'cus_x', note: 'x' })).toEqual([['NOT_FOUND', 'orderId']]);
    expect(await desk.refused('orderNoteSet', { orderId: newId('ord'), note: 'x' })).toEqual([['NOT_FOUND', 'orderId']]);
    expect(await desk.refused('orderNoteSet', { orderId: foreign.id, note: 'x' })).toEqual([['NOT_FOUND', 'orderId']]);
    expect(await desk.staff.data('query ($id: ID!) { order(id: $id) { version note } }', { id: order.id })).toEqual({
      order: { version: 1, note: null },
    });
  });
});
