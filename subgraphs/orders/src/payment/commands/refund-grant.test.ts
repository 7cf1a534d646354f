import { newId, toUuid } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { key, line, ordersHarness } from '../../../test/desk.ts';
import { capture, issueCard, payByCard, stateOf } from '../../../test/gift-cards.ts';

const orders = await ordersHarness();
const desk = orders.desk();
const input = (order: { id: string }, rest: object = {}) => ({ orderId: order.id, reason: 'RETURN', idempotencyKey: key(), ...rest });
const grant = (order: { id: string }, rest: object, selection = 'refund { id }') =>
  desk.mutate<{ refund: { id: string } }>('refundGrant', input(order, rest), selection);

describe('refundGrant', () => {
  it('promises the money on the latest captured payments first, gift cards included, and gives none back', async () => {
    const order = await desk.order({ lines: [line({ quantity: 1, unitPrice: 5000 })] });
    const cash = await desk.pay(order, 2000, { tender: 'CASH' });
    const card = await issueCard(desk, { amount: 3000 });
    const byCard = await payByCard(desk, order, card);
    await capture(desk, byCard);
    const answer = await grant(
      order,
      { amount: 3500 },
      `refund { status refundedAt amount { amount } settled { amount } payments { payment { id granted { amount } refunded { amount } } amount { amount } settledAt }
         availableTransitions { name allowed } }
       order { refunded { amount } refundsGranted { amount } paymentStatus events { nodes { kind } } }`,
    );
    expect(answer).toMatchObject({
      refund: {
        status: 'GRANTED',
        refundedAt: null,
        amount: { amount: 3500 },
        settled: { amount: 0 },
        payments: [
          { payment: { id: byCard, granted: { amount: 3000 }, refunded: { amount: 0 } }, amount: { amount: 3000 }, settledAt: null },
          { payment: { id: cash, granted: { amount: 500 }, refunded: { amount: 0 } }, amount: { amount: 500 }, settledAt: null },
        ],
        availableTransitions: [
          { name: 'refundSettle', allowed: true },
          { name: 'refundCancel', allowed: true },
        ],
      },
      order: { refunded: { amount: 0 }, refundsGranted: { amount: 3500 }, paymentStatus: 'PAID' },
    });
    expect(await stateOf(desk, card)).toEqual({ balance: 0, held: 0, status: 'USED' });
    expect(await orders.admin(`select type from events.log where aggregate = $1 and type like 'refund.%'`, [order.id])).toEqual([
      { type: 'refund.granted' },
    ]);
    expect(
      await desk.staff.data('{ refunds(filter: { status: [GRANTED, PARTIALLY_SETTLED] }) { nodes { status order { id } } } }'),
    ).toEqual({
      refunds: { nodes: [{ status: 'GRANTED', order: { id: order.id } }] },
    });
  });

  it('never promises and gives back more than was captured, for 40 concurrent refunds, grants and settlements of one payment', async () => {
    const order = await desk.order();
    await desk.pay(order, 2500);
    const granted: Promise<unknown>[] = Array.from({ length: 40 }, async (_, index) => {
      if (index % 2 === 0) return desk.mutate('orderRefund', input(order, { amount: 70 }), 'refund { id }');
      const { refund } = await grant(order, { amount: 70 });
      if (refund && index % 4 === 1) await desk.mutate('refundSettle', { refundId: refund.id, idempotencyKey: key() }, 'refund { id }');
      return refund;
    });
    await Promise.all(granted);
    const [sums] = await orders.admin<{ open: string; all: string; planned: string; given: string }>(
      `select (p.captured - p.refunded - p.granted)::text as open, (p.refunded + p.granted)::text as all, o.granted::text as planned, o.refunded::text as given
       from orders.order_payments p join orders.orders o on o.id = p.order_id where p.order_id = $1::uuid`,
      [toUuid(order.id)],
    );
    expect(sums).toMatchObject({ open: '50', all: '2450' });
    expect(Number(sums?.planned) + Number(sums?.given)).toBe(2450);
  });

  it('grants once for 50 concurrent calls with one key, and gives the same answer to all', async () => {
    const order = await desk.order();
    await desk.pay(order, 2500);
    const once = input(order, { amount: 100 });
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => desk.mutate('refundGrant', once, 'refund { id } order { version refundsGranted { amount } }')),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ order: { refundsGranted: { amount: 100 } } });
  });

  it('is held by the database alone when a payment or an order would promise too much', async () => {
    const order = await desk.order();
    const payment = await desk.pay(order, 2500);
    await grant(order, { amount: 2500 });
    const more = (table: string, id: `${string}_${string}`) =>
      orders.admin(`update orders.${table} set refunded = refunded + 1 where id = $1::uuid`, [toUuid(id)]);
    await expect(more('order_payments', payment)).rejects.toThrow(/order_payments_refunded_check/);
    await expect(more('orders', order.id)).rejects.toThrow(/orders_granted_check/);
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const order = await desk.order();
    const payment = await desk.pay(order, 1000);
    await grant(order, { amount: 400 });
    const refused = (rest: object, of: { id: string } = order) => desk.refused('refundGrant', input(of, rest));
    expect(await refused({ amount: 601 })).toEqual([['AMOUNT_TOO_HIGH', 'amount']]);
    expect(await desk.refused('orderRefund', input(order, { amount: 601 }))).toEqual([['AMOUNT_TOO_HIGH', 'amount']]);
    expect(await refused({ amount: 601, payments: [{ paymentId: payment, amount: 601 }] })).toEqual([['AMOUNT_TOO_HIGH', 'amount']]);
    expect(await refused({ amount: 0 })).toEqual([['INVALID', 'amount']]);
    expect(await refused({ amount: -5 })).toEqual([['INVALID', 'amount']]);
    expect(await refused({})).toEqual([['AMOUNT_OR_LINES', 'amount']]);
    expect(await refused({ lines: [{ lineId: order.lines[0]?.id, quantity: 3 }] })).toEqual([['QUANTITY_TOO_HIGH', 'lines.0.quantity']]);
    expect(await refused({ amount: 1, payments: [{ paymentId: newId('opm'), amount: 1 }] })).toEqual([
      ['NOT_FOUND', 'payments.0.paymentId'],
    ]);
    expect(await refused({ amount: 1 }, await orders.desk().order())).toEqual([['NOT_FOUND', 'orderId']]);
    expect(await refused({ amount: 1 }, await desk.order())).toEqual([['NOTHING_TO_REFUND', null]]);
    expect(
      await desk.staff.codes(
        'mutation ($id: ID!) { refundGrant(input: { orderId: $id, amount: 0.5, reason: OTHER, idempotencyKey: "k" }) { userErrors { code } } }',
        { id: order.id },
      ),
    ).toEqual(['BAD_REQUEST']);
    expect(
      await desk.staff.data('query ($id: ID!) { order(id: $id) { refundsGranted { amount } refunds { id } } }', { id: order.id }),
    ).toEqual({
      order: { refundsGranted: { amount: 400 }, refunds: [{ id: expect.any(String) }] },
    });
  });
});
