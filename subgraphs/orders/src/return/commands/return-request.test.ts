import { newId } from '@storegraph/core';
import { identity } from '@storegraph/testing';
import { describe, expect, it } from 'vitest';
import { line, ordersHarness } from '../../../test/desk.ts';
import { announced, delivered, returnInput } from '../../../test/returns.ts';

const orders = await ordersHarness();
const desk = orders.desk();
const selection =
  'return { id status units receivedUnits customerNote requestedAt approvedAt lines { quantity receivedQuantity reason line { name returningQuantity returnedQuantity } } order { fulfillmentStatus } }';

describe('returnRequest', () => {
  it('announces units that come back, by the customer whose order it is, who sees it and nobody else', async () => {
    const customerId = await desk.customer();
    const order = await delivered(desk, { customerId, lines: [line({ quantity: 3 })] });
    const theirs = desk.as(identity.customer(desk.storeId, customerId));
    const answer = await desk.mutate<{ return: { id: string } }>(
      'returnRequest',
      returnInput(order, 2, { customerNote: 'Too small' }),
      selection,
      theirs,
    );
    expect(answer).toMatchObject({
      userErrors: [],
      return: {
        status: 'REQUESTED',
        units: 2,
        receivedUnits: 0,
        customerNote: 'Too small',
        approvedAt: null,
        lines: [{ quantity: 2, receivedQuantity: 0, reason: 'SIZE', line: { returningQuantity: 2, returnedQuantity: 0 } }],
        order: { fulfillmentStatus: 'FULFILLED' },
      },
    });
    const { id } = answer.return;
    const see = (client: typeof theirs) =>
      client.data('query ($id: ID!) { return(id: $id) { id } returns(status: [REQUESTED]) { totalCount nodes { id } } }', { id });
    const seen = { return: { id }, returns: { totalCount: 1, nodes: [{ id }] } };
    expect(await see(theirs)).toEqual(seen);
    expect(await see(desk.staff)).toEqual(seen);
    const unseen = { return: null, returns: { totalCount: 0, nodes: [] } };
    expect(await see(desk.as(identity.customer(desk.storeId, await desk.customer())))).toEqual(unseen);
    expect(await see(orders.desk().staff)).toEqual(unseen);
    const { order: told } = await theirs.data<{ order: object }>(
      'query ($id: ID!) { order(id: $id) { returns { id } events(first: 9) { nodes { kind } } } }',
      {
        id: order.id,
      },
    );
    expect(told).toMatchObject({ returns: [{ id }] });
    expect(told).toHaveProperty('events.nodes', expect.arrayContaining([{ kind: 'RETURN_REQUESTED' }]));
    const [entry] = await orders.admin(`select actor_kind, actor_id from orders.order_events where kind = 'RETURN_REQUESTED'`);
    expect(entry).toEqual({ actor_kind: 'CUSTOMER', actor_id: customerId });
  });

  it('lets a customer return what has arrived, the staff what has left, and nobody more than that', async () => {
    const customerId = await desk.customer();
    const order = await desk.order({ customerId, lines: [line({ quantity: 4 })] });
    const theirs = desk.as(identity.customer(desk.storeId, customerId));
    const lineId = order.lines[0]?.id ?? '';
    const ask = (quantity: number, client = desk.staff) => desk.refused('returnRequest', returnInput(order, quantity), client);
    expect(await ask(1)).toEqual([['NOTHING_TO_RETURN', null]]);
    const parcels = [await desk.parcel(order, [{ lineId, quantity: 1 }]), await desk.parcel(order, [{ lineId, quantity: 2 }])];
    for (const fulfillmentId of parcels) await desk.mutate('fulfillmentShip', { fulfillmentId });
    await desk.mutate('fulfillmentDeliver', { fulfillmentId: parcels[0] });
    expect(await ask(2, theirs)).toEqual([['QUANTITY_TOO_HIGH', 'lines.0.quantity']]);
    expect(await ask(4)).toEqual([['QUANTITY_TOO_HIGH', 'lines.0.quantity']]);
    await announced(desk, order, 2);
    expect(await ask(1, theirs)).toEqual([['QUANTITY_TOO_HIGH', 'lines.0.quantity']]);
    expect(await ask(2)).toEqual([['QUANTITY_TOO_HIGH', 'lines.0.quantity']]);
    // With two of three coming back, the two of the second parcel can't be lost.
    expect(await desk.refused('fulfillmentCancel', { fulfillmentId: parcels[1] })).toEqual([['UNITS_RETURNED', null]]);
  });

  it('of 20 concurrent requests for the last units, as many get through as there are', async () => {
    const order = await delivered(desk, { lines: [line({ quantity: 3 })] });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => desk.mutate('returnRequest', returnInput(order, 1), 'return { id }')),
    );
    expect(answers.filter(({ userErrors }) => userErrors.length === 0)).toHaveLength(3);
    await expect(orders.admin(`update orders.order_lines set returning_units = shipped + 1`)).rejects.toThrow(
      /order_lines_returning_check/,
    );
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const customerId = await desk.customer();
    const order = await delivered(desk, { customerId });
    const foreign = await delivered(orders.desk());
    const refused = (rest: object, client = desk.staff) => desk.refused('returnRequest', returnInput(order, 1, rest), client);
    const lineId = order.lines[0]?.id;
    const one = { lineId, quantity: 1, reason: 'OTHER' };
    expect(await refused({ lines: [] })).toEqual([['INVALID', 'lines']]);
    expect(await refused({ lines: [{ ...one, quantity: -1 }] })).toEqual([['INVALID', 'lines.0.quantity']]);
    expect(await refused({ lines: [one, one] })).toEqual([['INVALID', 'lines.1.lineId']]);
    expect(await refused({ lines: [{ ...one, lineId: foreign.lines[0]?.id }] })).toEqual([['NOT_FOUND', 'lines.0.lineId']]);
    expect(await refused({ customerNote: 'x'.repeat(5001) })).toEqual([['TOO_LONG', 'customerNote']]);
    expect(await refused({ idempotencyKey: '' })).toContainEqual(['REQUIRED', 'idempotencyKey']);
    for (const orderId of ['', newId('ord'), foreign.id]) expect(await refused({ orderId })).toEqual([['NOT_FOUND', 'orderId']]);
    const owner = desk.as(identity.customer(desk.storeId, customerId));
    expect(await refused({ approve: true }, owner)).toEqual([['NOT_PERMITTED', 'approve']]);
    expect(await refused({ note: 'x' }, owner)).toEqual([['NOT_PERMITTED', 'note']]);
    const other = desk.as(identity.customer(desk.storeId, await desk.customer()));
    expect(await refused({}, other)).toEqual([['NOT_FOUND', 'orderId']]);
    expect(await desk.staff.data('query ($id: ID!) { order(id: $id) { returns { id } } }', { id: order.id })).toEqual({
      order: { returns: [] },
    });
  });
});
