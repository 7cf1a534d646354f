import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { key, line, ordersHarness } from '../../../test/desk.ts';

const orders = await ordersHarness();
const desk = orders.desk();
const input = (order: { id: string }, rest: object = {}) => ({ orderId: order.id, idempotencyKey: key(), ...rest });

describe('fulfillmentCreate', () => {
  it('puts the units named into a parcel, then all that are left', async () => {
    const order = await desk.order({ lines: [line({ quantity: 3 }), line({ quantity: 1 })] });
    const [three, one] = order.lines;
    const create = (rest: object) =>
      desk.mutate(
        'fulfillmentCreate',
        input(order, rest),
        'fulfillment { status lines { line { id allocatedQuantity } quantity } order { fulfillmentStatus summaryStatus } }',
      );
    expect(await create({ lines: [{ lineId: three?.id, quantity: 2 }] })).toMatchObject({
      fulfillment: {
        status: 'PENDING',
        lines: [{ line: { id: three?.id, allocatedQuantity: 2 }, quantity: 2 }],
        order: { fulfillmentStatus: 'UNFULFILLED', summaryStatus: 'PROCESSING' },
      },
    });
    expect(await create({})).toMatchObject({
      fulfillment: {
        lines: [
          { line: { id: three?.id }, quantity: 1 },
          { line: { id: one?.id }, quantity: 1 },
        ],
      },
    });
  });

  it('never packs more than was ordered, for 50 concurrent parcels', async () => {
    const order = await desk.order({ lines: [line({ quantity: 7 })] });
    const lines = [{ lineId: order.lines[0]?.id, quantity: 1 }];
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => desk.mutate('fulfillmentCreate', input(order, { lines }), 'fulfillment { id }')),
    );
    expect(answers.filter((answer) => answer.userErrors.length === 0)).toHaveLength(7);
  });

  it('makes one parcel for 50 concurrent calls with one key, and gives the same answer to all', async () => {
    const order = await desk.order({ lines: [line({ quantity: 100 })] });
    const once = input(order, { lines: [{ lineId: order.lines[0]?.id, quantity: 1 }] });
    const answers = await Promise.all(
      Array.from({ length: 50 }, () =>
        desk.mutate('fulfillmentCreate', once, 'fulfillment { id lines { quantity line { allocatedQuantity } } }'),
      ),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ fulfillment: { lines: [{ quantity: 1, line: { allocatedQuantity: 1 } }] } });
  });

  it('is held by the database alone when a line would be packed twice', async () => {
    await desk.order();
    await expect(orders.admin('update orders.order_lines set allocated = quantity + 1')).rejects.toThrow(/order_lines_allocated_check/);
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const order = await desk.order();
    const foreign = await orders.desk().order();
    const refused = (rest: object, of: { id: string } = order) => desk.refused('fulfillmentCreate', input(of, rest));
    const lineId = order.lines[0]?.id;
    expect(await refused({ lines: [] })).toEqual([['INVALID', 'lines']]);
    expect(await refused({ lines: [{ lineId, quantity: 0 }] })).toEqual([['INVALID', 'lines.0.quantity']]);
    expect(await refused({ lines: [{ lineId, quantity: 3 }] })).toEqual([['QUANTITY_TOO_HIGH', 'lines.0.quantity']]);
    expect(
      await refused({
        lines: [
          { lineId, quantity: 1 },
          { lineId, quantity: 1 },
        ],
      }),
    ).toEqual([['INVALID', 'lines.1.lineId']]);
    expect(await refused({ lines: [{ lineId: foreign.lines[0]?.id, quantity: 1 }] })).toEqual([['NOT_FOUND', 'lines.0.lineId']]);
    expect(await refused({ idempotencyKey: 'x'.repeat(256) })).toEqual([['TOO_LONG', 'idempotencyKey']]);
    expect(await refused({}, { id: 'x' })).toEqual([['NOT_FOUND', 'orderId']]);
    expect(await refused({}, { id: newId('ord') })).toEqual([['NOT_FOUND', 'orderId']]);
    expect(await refused({}, foreign)).toEqual([['NOT_FOUND', 'orderId']]);
    expect(await desk.staff.data('query ($id: ID!) { order(id: $id) { version fulfillments { id } } }', { id: order.id })).toEqual({
      order: { version: 1, fulfillments: [] },
    });
    await desk.parcel(order);
    expect(await refused({})).toEqual([['NOTHING_TO_FULFILL', null]]);
    await desk.mutate('orderCancel', { orderId: order.id, reason: 'STAFF', idempotencyKey: key() });
    expect(await refused({})).toEqual([['ORDER_CLOSED', null]]);
  });
});
