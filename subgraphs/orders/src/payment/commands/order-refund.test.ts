import { newId, toUuid, type Id } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { key, line, ordersHarness } from '../../../test/desk.ts';

const orders = await ordersHarness();
const desk = orders.desk();
const input = (order: { id: string }, rest: object = {}) => ({ orderId: order.id, reason: 'GOODWILL', idempotencyKey: key(), ...rest });
const paid = async (...captures: number[]) => {
  const order = await desk.order();
  const payments: Id<'opm'>[] = [];
  for (const captured of captures) payments.push(await desk.pay(order, captured));
  return { order, payments };
};

describe('orderRefund', () => {
  it('gives an amount back, the latest captured payment first', async () => {
    const { order, payments } = await paid(1000, 1500);
    const answer = await desk.mutate(
      'orderRefund',
      input(order, { amount: 1700, note: 'Sorry' }),
      'refund { amount { amount currency } reason source note payments { payment { id status } amount { amount } } } order { paymentStatus refunded { amount } }',
    );
    expect(answer).toMatchObject({
      refund: {
        amount: { amount: 1700, currency: 'EUR' },
        reason: 'GOODWILL',
        source: 'MANUAL',
        note: 'Sorry',
        payments: [
          { payment: { id: payments[1], status: 'REFUNDED' }, amount: { amount: 1500 } },
          { payment: { id: payments[0], status: 'PARTIALLY_REFUNDED' }, amount: { amount: 200 } },
        ],
      },
      order: { paymentStatus: 'PARTIALLY_REFUNDED', refunded: { amount: 1700 } },
    });
  });

  it('gives units back at what was paid for them, and to the cent in any split', async () => {
    const order = await desk.order({ lines: [line({ quantity: 3, unitPrice: 400, discount: 200 })] });
    await desk.pay(order, 1000);
    const [bought] = order.lines;
    const amounts = [];
    for (let unit = 0; unit < 3; unit += 1) {
      const { refund } = await desk.mutate<{ refund: { amount: { amount: number } } }>(
        'orderRefund',
        input(order, { lines: [{ lineId: bought?.id, quantity: 1 }] }),
        'refund { amount { amount } lines { quantity line { id refundedQuantity } } }',
      );
      amounts.push(refund.amount.amount);
    }
    expect(amounts).toEqual([333, 334, 333]);
    expect(await desk.refused('orderRefund', input(order, { amount: 1 }))).toEqual([['NOTHING_TO_REFUND', null]]);
  });

  it('follows the shares that it is told', async () => {
    const { order, payments } = await paid(1000, 1500);
    const shares = [
      { paymentId: payments[0], amount: 300 },
      { paymentId: payments[1], amount: 200 },
    ];
    const { refund } = await desk.mutate(
      'orderRefund',
      input(order, { amount: 500, payments: shares }),
      'refund { payments { payment { id } amount { amount } } }',
    );
    expect(refund).toEqual({ payments: shares.map(({ paymentId, amount }) => ({ payment: { id: paymentId }, amount: { amount } })) });
  });

  it('never gives back more than was captured, for 100 concurrent refunds of one payment', async () => {
    const { order } = await paid(2500);
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => desk.mutate('orderRefund', input(order, { amount: 70 }), 'refund { id }')),
    );
    expect(answers.filter((answer) => answer.userErrors.length === 0)).toHaveLength(35);
    expect(new Set(answers.flatMap((answer) => answer.userErrors.map(({ code }) => code)))).toEqual(new Set(['AMOUNT_TOO_HIGH']));
    const { order: after } = await desk.staff.data<{ order: object }>(
      'query ($id: ID!) { order(id: $id) { refunded { amount } payments { refunded { amount } } } }',
      { id: order.id },
    );
    expect(after).toEqual({ refunded: { amount: 2450 }, payments: [{ refunded: { amount: 2450 } }] });
  });

  it('refunds once for 50 concurrent calls with one key, and gives the same answer to all', async () => {
    const { order } = await paid(2500);
    const once = input(order, { amount: 100 });
    const answers = await Promise.all(
      Array.from({ length: 50 }, () =>
        desk.mutate('orderRefund', once, 'refund { id amount { amount } } order { version refunded { amount } }'),
      ),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ refund: { amount: { amount: 100 } }, order: { version: 4, refunded: { amount: 100 } } });
  });

  it('is held by the database alone when a payment would give back too much', async () => {
    const { payments } = await paid(2500);
    const update = orders.admin('update orders.order_payments set refunded = captured + 1 where id = $1', [
      payments[0] ? toUuid(payments[0]) : null,
    ]);
    await expect(update).rejects.toThrow(/order_payments_refunded_check/);
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const { order, payments } = await paid(1000, 1500);
    const [bought] = order.lines;
    const other = await paid(1000);
    const elsewhere = orders.desk();
    const foreign = await elsewhere.order();
    await elsewhere.pay(foreign, 2500);
    const refused = (rest: object, of: { id: string } = order) => desk.refused('orderRefund', input(of, rest));
    expect(await refused({})).toEqual([['AMOUNT_OR_LINES', 'amount']]);
    expect(await refused({ amount: 1, lines: [{ lineId: bought?.id, quantity: 1 }] })).toEqual([['AMOUNT_OR_LINES', 'amount']]);
    expect(await refused({ amount: 0 })).toEqual([['INVALID', 'amount']]);
    expect(await refused({ amount: 2501 })).toEqual([['AMOUNT_TOO_HIGH', 'amount']]);
    expect(await refused({ lines: [] })).toEqual([['INVALID', 'lines']]);
    expect(await refused({ lines: [{ lineId: bought?.id, quantity: 3 }] })).toEqual([['QUANTITY_TOO_HIGH', 'lines.0.quantity']]);
    expect(
      await refused({
        lines: [
          { lineId: bought?.id, quantity: 1 },
          { lineId: bought?.id, quantity: 1 },
        ],
      }),
    ).toEqual([['INVALID', 'lines.1.lineId']]);
    expect(await refused({ lines: [{ lineId: newId('orl'), quantity: 1 }] })).toEqual([['NOT_FOUND', 'lines.0.lineId']]);
    expect(await refused({ lines: [{ lineId: other.order.lines[0]?.id, quantity: 1 }] })).toEqual([['NOT_FOUND', 'lines.0.lineId']]);
    expect(await refused({ amount: 10, payments: [{ paymentId: other.payments[0], amount: 10 }] })).toEqual([
      ['NOT_FOUND', 'payments.0.paymentId'],
    ]);
    expect(await refused({ amount: 1200, payments: [{ paymentId: payments[0], amount: 1200 }] })).toEqual([
      ['AMOUNT_TOO_HIGH', 'payments.0.amount'],
    ]);
    expect(await refused({ amount: 10, payments: [{ paymentId: payments[0], amount: 9 }] })).toEqual([
      ['PAYMENTS_DO_NOT_ADD_UP', 'payments'],
    ]);
    expect(await refused({ amount: 1, note: 'x'.repeat(5001) })).toEqual([['TOO_LONG', 'note']]);
    expect(await refused({ amount: 1 }, { id: 'ord_' })).toEqual([['NOT_FOUND', 'orderId']]);
    expect(await refused({ amount: 1 }, foreign)).toEqual([['NOT_FOUND', 'orderId']]);
    expect(await refused({ amount: 1 }, await desk.order())).toEqual([['NOTHING_TO_REFUND', null]]);
    expect(await desk.staff.data('query ($id: ID!) { order(id: $id) { refunds { id } refunded { amount } } }', { id: order.id })).toEqual({
      order: { refunds: [], refunded: { amount: 0 } },
    });
  });
});
