import { newId, toUuid } from '@storegraph/core';
import { identity } from '@storegraph/testing';
import { describe, expect, it } from 'vitest';
import { key, line, ordersHarness } from '../../../test/desk.ts';

const orders = await ordersHarness();
const desk = orders.desk();
const input = (order: { id: string }, rest: object = {}) => ({ orderId: order.id, reason: 'CUSTOMER', idempotencyKey: key(), ...rest });
const state = 'order { status paymentStatus cancelReason refunded { amount } fulfillments { status } events { nodes { kind reason } } }';

describe('orderCancel', () => {
  it('ends an order with its open parcels, and leaves what was paid to be refunded', async () => {
    const order = await desk.order();
    await desk.pay(order, 2500);
    await desk.parcel(order);
    const { order: cancelled } = await desk.mutate('orderCancel', input(order), state);
    expect(cancelled).toEqual({
      status: 'CANCELLED',
      paymentStatus: 'PAID',
      cancelReason: 'CUSTOMER',
      refunded: { amount: 0 },
      fulfillments: [{ status: 'CANCELLED' }],
      events: {
        nodes: [
          { kind: 'PLACED', reason: null },
          { kind: 'PAYMENT_RECORDED', reason: null },
          { kind: 'PAID', reason: null },
          { kind: 'FULFILLMENT_CREATED', reason: null },
          { kind: 'FULFILLMENT_CANCELLED', reason: null },
          { kind: 'CANCELLED', reason: 'CUSTOMER' },
        ],
      },
    });
    const counters = await orders.admin(
      `select allocated_units::int, (select sum(allocated)::int from orders.order_lines where order_id = o.id) as lines from orders.orders o where number = 1001`,
    );
    expect(counters).toEqual([{ allocated_units: 0, lines: 0 }]);
  });

  it('gives back what was captured, once for 50 concurrent calls with one key', async () => {
    const order = await desk.order();
    await desk.pay(order, 1000);
    await desk.pay(order, 1500);
    const once = input(order, { refund: true });
    const answers = await Promise.all(Array.from({ length: 50 }, () => desk.mutate('orderCancel', once, state)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({
      order: { status: 'CANCELLED', paymentStatus: 'REFUNDED', refunded: { amount: 2500 } },
      userErrors: [],
    });
    const { order: after } = await desk.mutate(
      'orderNoteSet',
      { orderId: order.id, note: null },
      'order { refunds { amount { amount } source payments { amount { amount } } } }',
    );
    expect(after).toEqual({
      refunds: [
        { amount: { amount: 2500 }, source: 'CANCELLATION', payments: [{ amount: { amount: 1500 } }, { amount: { amount: 1000 } }] },
      ],
    });
  });

  it('lets go of what payments still hold, as facts of their own, and keeps what was captured', async () => {
    const order = await desk.order();
    const held = await desk.pay(order, 1, { captured: null, authorized: 1000 });
    const partly = await desk.pay(order, 400, { authorized: 1500 });
    await desk.pay(order, 100);
    const { order: cancelled } = await desk.mutate(
      'orderCancel',
      input(order),
      'order { version authorized { amount } captured { amount } payments { id status voidedAt } events { nodes { sequence kind amount { amount } } } }',
    );
    expect(cancelled).toMatchObject({
      version: 7,
      authorized: { amount: 0 },
      captured: { amount: 500 },
      payments: [
        { id: held, status: 'VOIDED', voidedAt: expect.any(String) },
        { id: partly, status: 'CAPTURED', voidedAt: expect.any(String) },
        { status: 'CAPTURED', voidedAt: null },
      ],
      events: {
        nodes: [
          { sequence: 1, kind: 'PLACED' },
          { sequence: 2, kind: 'PAYMENT_RECORDED' },
          { sequence: 3, kind: 'PAYMENT_RECORDED' },
          { sequence: 4, kind: 'PAYMENT_RECORDED' },
          { sequence: 5, kind: 'PAYMENT_VOIDED', amount: { amount: 1000 } },
          { sequence: 6, kind: 'PAYMENT_VOIDED', amount: { amount: 1100 } },
          { sequence: 7, kind: 'CANCELLED' },
        ],
      },
    });
    const released = await orders.admin(
      `select payload->>'paymentId' as payment, payload->>'orderVersion' as version from events.log where aggregate = $1 and type = 'orderPayment.voided' order by position`,
      [order.id],
    );
    expect(released).toEqual([
      { payment: held, version: '5' },
      { payment: partly, version: '6' },
    ]);
    expect(await desk.refused('orderPaymentCapture', { paymentId: held, idempotencyKey: key() })).toEqual([['ALREADY_VOIDED', null]]);
  });

  it('and a capture at the same time never both win: what is captured was not let go', async () => {
    const races = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const order = await desk.order();
        const paymentId = await desk.pay(order, 1, { captured: null, authorized: 2500 });
        const [{ userErrors }] = await Promise.all([
          desk.mutate('orderPaymentCapture', { paymentId, amount: 1000, idempotencyKey: key() }),
          desk.mutate('orderCancel', input(order)),
        ]);
        const { order: after } = await desk.staff.data<{ order: object }>(
          'query ($id: ID!) { order(id: $id) { status authorized { amount } captured { amount } events { nodes { kind amount { amount } } } } }',
          { id: order.id },
        );
        return { codes: userErrors.map(({ code }) => code), after };
      }),
    );
    for (const { codes, after } of races) {
      const captured = codes.length === 0 ? 1000 : 0;
      expect(codes).toEqual(captured > 0 ? [] : ['ALREADY_VOIDED']);
      expect(after).toMatchObject({ status: 'CANCELLED', authorized: { amount: 0 }, captured: { amount: captured } });
      expect(after).toHaveProperty(
        'events.nodes',
        expect.arrayContaining([{ kind: 'PAYMENT_VOIDED', amount: { amount: 2500 - captured } }]),
      );
    }
  });

  it('takes as many statements for 40 parcels and payments as for one of each', async () => {
    const count = async (parcels: number) => {
      const order = await desk.order({ lines: [line({ quantity: 100 }), line({ quantity: 100 })] });
      for (let made = 0; made < parcels; made += 1) {
        await desk.parcel(
          order,
          order.lines.map(({ id }) => ({ lineId: id, quantity: 2 })),
        );
        await desk.pay(order, 1, { captured: null, authorized: 10 });
      }
      orders.statements();
      await desk.mutate('orderCancel', input(order), '__typename');
      const sent = orders.statements().filter((statement) => /^\s*(select|insert|update) (?!set_config)/.test(statement));
      const [left] = await orders.admin(
        `select sum(allocated)::int as allocated, (select count(*)::int from orders.fulfillments f where f.order_id = $1 and status = 'CANCELLED') as cancelled
         from orders.order_lines where order_id = $1`,
        [toUuid(order.id)],
      );
      expect(left).toEqual({ allocated: 0, cancelled: parcels });
      return sent.length;
    };
    // The key and its answer; the order, locked, changed and read again; its open parcels, read and changed; their lines, read and taken
    // from the order's; the payments, read and changed; what discounts it took; the timeline; the events, and the one of the staff's activity.
    expect(await count(1)).toBe(15);
    expect(await count(40)).toBe(15);
  });

  it('refunds for nobody who may not refund', async () => {
    const order = await desk.order();
    await desk.pay(order, 2500);
    const agent = desk.as(identity.staff(desk.storeId, 'AGENT'));
    expect(await desk.refused('orderCancel', input(order, { refund: true }), agent)).toEqual([['REFUND_NOT_PERMITTED', 'refund']]);
    const { order: cancelled } = await desk.mutate('orderCancel', input(order), 'order { status }', agent);
    expect(cancelled).toEqual({ status: 'CANCELLED' });
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const order = await desk.order();
    const foreign = await orders.desk().order();
    expect(await desk.refused('orderCancel', input({ id: 'ord_nonsense' }))).toEqual([['NOT_FOUND', 'orderId']]);
    expect(await desk.refused('orderCancel', input({ id: newId('ord') }))).toEqual([['NOT_FOUND', 'orderId']]);
    expect(await desk.refused('orderCancel', input(foreign))).toEqual([['NOT_FOUND', 'orderId']]);
    expect(await desk.refused('orderCancel', input(order, { idempotencyKey: '' }))).toContainEqual(['REQUIRED', 'idempotencyKey']);
    expect(await desk.refused('orderCancel', input(order, { idempotencyKey: 'x'.repeat(256) }))).toEqual([['TOO_LONG', 'idempotencyKey']]);
    expect(
      await desk.staff.codes('mutation ($input: OrderCancelInput!) { orderCancel(input: $input) { order { id } } }', {
        input: input(order, { reason: 'WEATHER' }),
      }),
    ).toEqual(['BAD_REQUEST']);
    expect(await desk.staff.data('query ($id: ID!) { order(id: $id) { status version } }', { id: order.id })).toEqual({
      order: { status: 'OPEN', version: 1 },
    });

    const shipped = await desk.order();
    await desk.mutate('fulfillmentShip', { fulfillmentId: await desk.parcel(shipped) });
    expect(await desk.refused('orderCancel', input(shipped))).toEqual([['ALREADY_SHIPPED', null]]);
    const cancelled = await desk.order();
    await desk.mutate('orderCancel', input(cancelled));
    expect(await desk.refused('orderCancel', input(cancelled))).toEqual([['ALREADY_CANCELLED', null]]);
    const used = input(order);
    await desk.mutate('orderCancel', used);
    expect(await desk.refused('orderCancel', { ...used, reason: 'FRAUD' })).toEqual([['IDEMPOTENCY_KEY_REUSED', 'idempotencyKey']]);
  });
});
