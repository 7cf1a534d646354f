import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { key, line, ordersHarness } from '../../../test/desk.ts';

const orders = await ordersHarness();
const desk = orders.desk();
const grant = async (order: { id: string }, rest: object) => {
  const input = { orderId: order.id, reason: 'RETURN', idempotencyKey: key(), ...rest };
  return (await desk.mutate<{ refund: { id: string } }>('refundGrant', input, 'refund { id }')).refund.id;
};
const cancel = (refundId: string, selection = 'refund { id }') =>
  desk.mutate('refundCancel', { refundId, idempotencyKey: key() }, selection);

describe('refundCancel', () => {
  it('frees the money and the units, which can be refunded otherwise', async () => {
    const order = await desk.order({ lines: [line({ quantity: 3, unitPrice: 333, tax: 1 })] });
    await desk.pay(order, 1000);
    const lines = [{ lineId: order.lines[0]?.id, quantity: 2 }];
    const refund = await grant(order, { lines });
    expect(
      await cancel(
        refund,
        'refund { status cancelledAt } order { refundsGranted { amount } lines { refundedQuantity } events { nodes { kind } } }',
      ),
    ).toMatchObject({
      refund: { status: 'CANCELLED', cancelledAt: expect.any(String) },
      order: { refundsGranted: { amount: 0 }, lines: [{ refundedQuantity: 0 }] },
    });
    const whole = { orderId: order.id, lines: [{ ...lines[0], quantity: 3 }], reason: 'RETURN', idempotencyKey: key() };
    expect(await desk.mutate('orderRefund', whole, 'refund { amount { amount } }')).toMatchObject({ refund: { amount: { amount: 1000 } } });
  });

  it('frees what has not gone back, and keeps what has', async () => {
    const order = await desk.order();
    const first = await desk.pay(order, 1000);
    await desk.pay(order, 1500);
    const refund = await grant(order, { amount: 2500 });
    await desk.mutate('refundSettle', { refundId: refund, shares: [{ paymentId: first }], idempotencyKey: key() }, 'refund { id }');
    expect(
      await cancel(refund, 'refund { status settled { amount } } order { refunded { amount } refundsGranted { amount } }'),
    ).toMatchObject({
      refund: { status: 'CANCELLED', settled: { amount: 1000 } },
      order: { refunded: { amount: 1000 }, refundsGranted: { amount: 0 } },
    });
    expect(await grant(order, { amount: 1500 })).toMatch(/^rfd_/);
  });

  it('cancels once for 50 concurrent calls with one key, and never what a settlement of the same moment gave back', async () => {
    const order = await desk.order();
    await desk.pay(order, 2500);
    const once = { refundId: await grant(order, { amount: 100 }), idempotencyKey: key() };
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => desk.mutate('refundCancel', once, 'refund { status } order { version refundsGranted { amount } }')),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    const raced = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const refundId = await grant(order, { amount: 100 });
        const settled = desk.mutate('refundSettle', { refundId, idempotencyKey: key() }, 'refund { id }');
        const both = await Promise.all([settled, cancel(refundId)]);
        return both.filter(({ userErrors }) => userErrors.length === 0).length;
      }),
    );
    expect(raced).toEqual(Array.from({ length: 10 }, () => 1));
    const { order: after } = await desk.staff.data<{ order: { refundsGranted: object } }>(
      'query ($id: ID!) { order(id: $id) { refundsGranted { amount } } }',
      { id: order.id },
    );
    expect(after).toEqual({ refundsGranted: { amount: 0 } });
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const order = await desk.order();
    await desk.pay(order, 2500);
    const refused = (refundId: string) => desk.refused('refundCancel', { refundId, idempotencyKey: key() });
    const refund = await grant(order, { amount: 100 });
    expect(await refused(newId('rfd'))).toEqual([['NOT_FOUND', 'refundId']]);
    expect(await orders.desk().refused('refundCancel', { refundId: refund, idempotencyKey: key() })).toEqual([['NOT_FOUND', 'refundId']]);
    expect(await desk.refused('refundCancel', { refundId: refund, idempotencyKey: 'x'.repeat(256) })).toEqual([
      ['TOO_LONG', 'idempotencyKey'],
    ]);
    await desk.mutate('refundSettle', { refundId: refund, idempotencyKey: key() }, 'refund { id }');
    expect(await refused(refund)).toEqual([['ALREADY_SETTLED', null]]);
    const cancelled = await grant(order, { amount: 100 });
    await cancel(cancelled);
    expect(await refused(cancelled)).toEqual([['ALREADY_CANCELLED', null]]);
  });
});
