import { newId } from '@storegraph/core';
import { identity } from '@storegraph/testing';
import { describe, expect, it } from 'vitest';
import { key, line, ordersHarness } from '../../../test/desk.ts';
import { announced, approved, delivered } from '../../../test/returns.ts';

const orders = await ordersHarness();
const desk = orders.desk();
const input = (returnId: string, rest: object = {}) => ({ returnId, idempotencyKey: key(), ...rest });
const selection =
  'return { status units receivedUnits lines { quantity receivedQuantity } order { fulfillmentStatus paymentStatus refunds { status source amount { amount } lines { quantity amount { amount } } } } }';

describe('returnReceive', () => {
  it('counts what has come back, some and then the rest, with refunds that add up to what was paid for it', async () => {
    // 3 × 3.33 less 1.00 for the order, and 0.77 tax: 9.76.
    const order = await delivered(desk, { lines: [line({ quantity: 3, unitPrice: 333 })], discount: 100, tax: 77 });
    const id = await approved(desk, order, 3);
    const lineId = order.lines[0]?.id;
    expect(await desk.mutate('returnReceive', input(id, { lines: [{ lineId, quantity: 1 }], refund: true }), selection)).toMatchObject({
      return: {
        status: 'PARTIALLY_RECEIVED',
        units: 3,
        receivedUnits: 1,
        lines: [{ quantity: 3, receivedQuantity: 1 }],
        order: {
          fulfillmentStatus: 'PARTIALLY_RETURNED',
          refunds: [{ status: 'GRANTED', source: 'RETURN', amount: { amount: 325 }, lines: [{ quantity: 1, amount: { amount: 325 } }] }],
        },
      },
    });
    const { return: whole } = await desk.mutate<{ return: { order: { refunds: { amount: { amount: number } }[] } } }>(
      'returnReceive',
      input(id, { refund: true }),
      selection,
    );
    expect(whole).toMatchObject({ status: 'RECEIVED', receivedUnits: 3, order: { fulfillmentStatus: 'RETURNED' } });
    expect(whole.order.refunds.map(({ amount }) => amount.amount).toSorted((a, b) => a - b)).toEqual([325, 651]);
    const events = await orders.admin(
      `select payload->'complete' as complete, payload->'orderReturned' as all from events.log where aggregate = $1 and type = 'return.received' order by position`,
      [order.id],
    );
    expect(events).toEqual([
      { complete: false, all: false },
      { complete: true, all: true },
    ]);
  });

  it('refunds no unit that was refunded before, and no more than was paid', async () => {
    const order = await delivered(desk);
    await desk.mutate('orderRefund', {
      orderId: order.id,
      lines: [{ lineId: order.lines[0]?.id, quantity: 1 }],
      reason: 'DAMAGED',
      idempotencyKey: key(),
    });
    const id = await approved(desk, order, 2);
    const answer = await desk.mutate('returnReceive', input(id, { refund: true }), selection);
    expect(answer).toMatchObject({
      userErrors: [],
      return: { order: { refunds: [{ amount: { amount: 1250 } }, { amount: { amount: 1250 } }] } },
    });
  });

  it('once for 20 concurrent calls with one key, and never more than was announced', async () => {
    const order = await delivered(desk, { lines: [line({ quantity: 5 })] });
    const id = await approved(desk, order, 3);
    const lines = [{ lineId: order.lines[0]?.id, quantity: 1 }];
    const once = input(id, { lines });
    const answers = await Promise.all([
      ...Array.from({ length: 10 }, () => desk.mutate('returnReceive', once)),
      ...Array.from({ length: 10 }, () => desk.mutate('returnReceive', input(id, { lines }))),
    ]);
    expect(answers.slice(0, 10).every(({ userErrors }) => userErrors.length === 0)).toBe(answers[0]?.userErrors.length === 0);
    const [counted] = await orders.admin(
      `select returned::int as returned, returning_units::int as returning from orders.order_lines where returned > 0 and quantity = 5`,
    );
    expect(counted).toEqual({ returned: 3, returning: 0 });
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const order = await delivered(desk);
    const id = await approved(desk, order, 1);
    const lineId = order.lines[0]?.id;
    const elsewhere = orders.desk();
    const foreign = await approved(elsewhere, await delivered(elsewhere), 1);
    const refused = (returnId: string, rest: object = {}, client = desk.staff) =>
      desk.refused('returnReceive', input(returnId, rest), client);
    for (const none of ['', newId('ret'), foreign]) expect(await refused(none)).toEqual([['NOT_FOUND', 'returnId']]);
    expect(await refused(id, { lines: [] })).toEqual([['INVALID', 'lines']]);
    expect(await refused(id, { lines: [{ lineId, quantity: 0 }] })).toEqual([['INVALID', 'lines.0.quantity']]);
    expect(await refused(id, { lines: [{ lineId, quantity: 2 }] })).toEqual([['QUANTITY_TOO_HIGH', 'lines.0.quantity']]);
    expect(await refused(id, { lines: [{ lineId: newId('orl'), quantity: 1 }] })).toEqual([['NOT_FOUND', 'lines.0.lineId']]);
    const one = { lineId, quantity: 1 };
    expect(await refused(id, { lines: [one, one] })).toEqual([['INVALID', 'lines.1.lineId']]);
    expect(await refused(id, { idempotencyKey: 'x'.repeat(256) })).toEqual([['TOO_LONG', 'idempotencyKey']]);
    const agent = desk.as(identity.staff(desk.storeId, 'AGENT'));
    expect(await refused(id, { refund: true }, agent)).toEqual([['REFUND_NOT_PERMITTED', 'refund']]);
    expect(await refused(await announced(desk, order, 1))).toEqual([['NOT_APPROVED', null]]);
    expect(await desk.staff.data('query ($id: ID!) { return(id: $id) { status receivedUnits } }', { id })).toEqual({
      return: { status: 'APPROVED', receivedUnits: 0 },
    });
    await desk.mutate('returnReceive', input(id));
    expect(await refused(id)).toEqual([['ALREADY_RECEIVED', null]]);
    const unpaid = await desk.order();
    await desk.mutate('fulfillmentShip', { fulfillmentId: await desk.parcel(unpaid) });
    expect(await refused(await approved(desk, unpaid, 1), { refund: true })).toEqual([['NOTHING_TO_REFUND', null]]);
  });
});
