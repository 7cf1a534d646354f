import { newId } from '@storegraph/core';
import { identity } from '@storegraph/testing';
import { describe, expect, it } from 'vitest';
import { key, line, ordersHarness } from '../../../test/desk.ts';
import { announced, approved, delivered, returnInput } from '../../../test/returns.ts';

const orders = await ordersHarness();
const desk = orders.desk();

describe('returnCancel', () => {
  it('gives the units free again: all of them, or those that have not come back', async () => {
    const order = await delivered(desk, { lines: [line({ quantity: 3 })] });
    const selection = 'return { status cancelledAt lines { line { returningQuantity returnedQuantity } } }';
    expect(await desk.mutate('returnCancel', { returnId: await announced(desk, order, 3) }, selection)).toMatchObject({
      return: { status: 'CANCELLED', cancelledAt: expect.any(String), lines: [{ line: { returningQuantity: 0, returnedQuantity: 0 } }] },
    });
    const returnId = await approved(desk, order, 3);
    await desk.mutate('returnReceive', { returnId, lines: [{ lineId: order.lines[0]?.id, quantity: 1 }], idempotencyKey: key() });
    expect(await desk.mutate('returnCancel', { returnId }, selection)).toMatchObject({
      return: { status: 'CLOSED', lines: [{ line: { returningQuantity: 0, returnedQuantity: 1 } }] },
    });
    expect(await desk.refused('returnRequest', returnInput(order, 3))).toEqual([['QUANTITY_TOO_HIGH', 'lines.0.quantity']]);
    await announced(desk, order, 2);
  });

  it("is the customer's own to do while nothing has come back, and nobody else's", async () => {
    const customerId = await desk.customer();
    const order = await delivered(desk, { customerId });
    const owner = desk.as(identity.customer(desk.storeId, customerId));
    const other = desk.as(identity.customer(desk.storeId, await desk.customer()));
    const returnId = await announced(desk, order, 1);
    expect(await desk.refused('returnCancel', { returnId }, other)).toEqual([['NOT_FOUND', 'returnId']]);
    expect(await desk.mutate('returnCancel', { returnId }, 'return { status }', owner)).toMatchObject({ return: { status: 'CANCELLED' } });
    const partly = await approved(desk, order, 2);
    await desk.mutate('returnReceive', { returnId: partly, lines: [{ lineId: order.lines[0]?.id, quantity: 1 }], idempotencyKey: key() });
    expect(await desk.refused('returnCancel', { returnId: partly }, owner)).toEqual([['ALREADY_RECEIVED', null]]);
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const order = await delivered(desk);
    const elsewhere = orders.desk();
    const foreign = await announced(elsewhere, await delivered(elsewhere), 1);
    const refused = (returnId: string) => desk.refused('returnCancel', { returnId });
    for (const id of ['', newId('ret'), foreign]) expect(await refused(id)).toEqual([['NOT_FOUND', 'returnId']]);
    const returnId = await announced(desk, order, 1);
    await desk.mutate('returnCancel', { returnId });
    expect(await refused(returnId)).toEqual([['ALREADY_CANCELLED', null]]);
    const received = await approved(desk, order, 1);
    await desk.mutate('returnReceive', { returnId: received, idempotencyKey: key() });
    expect(await refused(received)).toEqual([['ALREADY_RECEIVED', null]]);
  });
});
