import { movableClock, newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { key, line, ordersHarness } from '../../../test/desk.ts';
import { capture, discrepancies, issueCard, payByCard, stateOf } from '../../../test/gift-cards.ts';

const clock = movableClock(new Date('2026-03-01T12:00:00.000Z'));
const orders = await ordersHarness({ clock });
const desk = orders.desk();
const day = 24 * 60 * 60 * 1000;
const grant = async (order: { id: string }, rest: object) => {
  const input = { orderId: order.id, reason: 'RETURN', idempotencyKey: key(), ...rest };
  return (await desk.mutate<{ refund: { id: string } }>('refundGrant', input, 'refund { id }')).refund.id;
};
const settle = (refundId: string, rest: object = {}, selection = 'refund { id }') =>
  desk.mutate('refundSettle', { refundId, idempotencyKey: key(), ...rest }, selection);
const paid = async () => {
  const order = await desk.order();
  return { order, payment: await desk.pay(order, 2500) };
};

describe('refundSettle', () => {
  it("gives shares back one after another, each with the provider's reference", async () => {
    const order = await desk.order({ lines: [line({ quantity: 2, unitPrice: 2500 })] });
    const terminal = await desk.pay(order, 2000, { provider: 'terminal', externalId: 'T-1' });
    const cash = await desk.pay(order, 3000, { tender: 'CASH' });
    const refund = await grant(order, { lines: [{ lineId: order.lines[0]?.id, quantity: 2 }] });
    const selection = `refund { status settled { amount } payments { reference settledAt payment { id } } }
      order { refunded { amount } refundsGranted { amount } paymentStatus }`;
    expect(await settle(refund, { shares: [{ paymentId: terminal, reference: 'R-1' }] }, selection)).toMatchObject({
      refund: {
        status: 'PARTIALLY_SETTLED',
        settled: { amount: 2000 },
        payments: [
          { reference: null, settledAt: null, payment: { id: cash } },
          { reference: 'R-1', settledAt: '2026-03-01T12:00:00.000Z', payment: { id: terminal } },
        ],
      },
      order: { refunded: { amount: 2000 }, refundsGranted: { amount: 3000 }, paymentStatus: 'PARTIALLY_REFUNDED' },
    });
    expect(await settle(refund, {}, selection)).toMatchObject({
      refund: { status: 'SETTLED', settled: { amount: 5000 } },
      order: { refunded: { amount: 5000 }, refundsGranted: { amount: 0 }, paymentStatus: 'REFUNDED' },
    });
    const told = await orders.admin<{ payload: { lines: unknown[] } }>(
      `select payload from events.log where aggregate = $1 and type = 'refund.created' order by occurred_at, id`,
      [order.id],
    );
    // The units are told once, however many parts the money comes in.
    expect(told.map(({ payload }) => payload.lines.length)).toEqual([1, 0]);
  });

  it('puts money back on its gift card, makes one that has expired good for 90 days, and leaves a disabled one disabled', async () => {
    const expiring = await issueCard(desk, { amount: 1000, expiresAt: new Date(clock.now().getTime() + day).toISOString() });
    const stolen = await issueCard(desk, { amount: 1500 });
    const order = await desk.order();
    for (const card of [expiring, stolen]) await capture(desk, await payByCard(desk, order, card));
    clock.advance(2 * day);
    await desk.mutate('giftCardDisable', { giftCardId: stolen.id });
    await settle(await grant(order, { amount: 2500 }));
    expect(await stateOf(desk, expiring)).toEqual({ balance: 1000, held: 0, status: 'ACTIVE' });
    expect(await stateOf(desk, stolen)).toEqual({ balance: 1500, held: 0, status: 'DISABLED' });
    clock.advance(90 * day);
    expect(await stateOf(desk, expiring)).toMatchObject({ status: 'EXPIRED' });
    expect(await discrepancies(orders, desk)).toEqual([]);
  });

  it('settles once for 50 concurrent calls with one key, and once for 30 with keys of their own', async () => {
    const { order } = await paid();
    const once = { refundId: await grant(order, { amount: 100 }), idempotencyKey: key() };
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => desk.mutate('refundSettle', once, 'refund { status } order { version refunded { amount } }')),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ refund: { status: 'SETTLED' }, order: { refunded: { amount: 100 } } });
    const another = await grant(order, { amount: 100 });
    const raced = await Promise.all(Array.from({ length: 30 }, () => settle(another)));
    expect(raced.filter(({ userErrors }) => userErrors.length === 0)).toHaveLength(1);
    expect(await desk.staff.data('query ($id: ID!) { order(id: $id) { refunded { amount } } }', { id: order.id })).toEqual({
      order: { refunded: { amount: 200 } },
    });
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const { order, payment } = await paid();
    const refund = await grant(order, { amount: 100 });
    const refused = (refundId: string, rest: object = {}) => desk.refused('refundSettle', { refundId, idempotencyKey: key(), ...rest });
    expect(await refused(newId('rfd'))).toEqual([['NOT_FOUND', 'refundId']]);
    expect(await orders.desk().refused('refundSettle', { refundId: refund, idempotencyKey: key() })).toEqual([['NOT_FOUND', 'refundId']]);
    expect(await refused(refund, { shares: [{ paymentId: newId('opm') }] })).toEqual([['NOT_FOUND', 'shares.0.paymentId']]);
    expect(await refused(refund, { shares: [{ paymentId: payment }, { paymentId: payment }] })).toEqual([
      ['INVALID', 'shares.1.paymentId'],
    ]);
    expect(await refused(refund, { shares: [] })).toEqual([['INVALID', 'shares']]);
    expect(await refused(refund, { shares: [{ paymentId: payment, reference: 'x'.repeat(201) }] })).toEqual([
      ['TOO_LONG', 'shares.0.reference'],
    ]);
    await settle(refund);
    expect(await refused(refund)).toEqual([['ALREADY_SETTLED', null]]);
    const cancelled = await grant(order, { amount: 100 });
    await desk.mutate('refundCancel', { refundId: cancelled, idempotencyKey: key() }, 'refund { id }');
    expect(await refused(cancelled)).toEqual([['ALREADY_CANCELLED', null]]);
    expect(await desk.staff.data('query ($id: ID!) { order(id: $id) { refunded { amount } } }', { id: order.id })).toEqual({
      order: { refunded: { amount: 100 } },
    });
  });
});
