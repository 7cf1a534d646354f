import { newId, toUuid } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { key, ordersHarness } from '../../../test/desk.ts';

const orders = await ordersHarness();
const desk = orders.desk();
const input = (order: { id: string }, rest: object = {}) => ({
  orderId: order.id,
  tender: 'CARD',
  captured: 1000,
  idempotencyKey: key(),
  ...rest,
});
const refused = (order: { id: string }, rest: object) => desk.refused('orderPaymentRecord', input(order, rest));

describe('orderPaymentRecord', () => {
  it('moves the order from pending over partially paid and paid to overpaid', async () => {
    const order = await desk.order();
    const pay = async (rest: object) =>
      (
        await desk.mutate(
          'orderPaymentRecord',
          input(order, rest),
          'order { paymentStatus authorized { amount } captured { amount } due { amount } }',
        )
      ).order;
    expect(await pay({ captured: null, authorized: 500 })).toEqual({
      paymentStatus: 'AUTHORIZED',
      authorized: { amount: 500 },
      captured: { amount: 0 },
      due: { amount: 2500 },
    });
    expect(await pay({})).toEqual({
      paymentStatus: 'PARTIALLY_PAID',
      authorized: { amount: 500 },
      captured: { amount: 1000 },
      due: { amount: 1500 },
    });
    expect(await pay({ captured: 1500, authorized: 2000 })).toEqual({
      paymentStatus: 'PAID',
      authorized: { amount: 1000 },
      captured: { amount: 2500 },
      due: { amount: 0 },
    });
    expect(await pay({ captured: 1 })).toMatchObject({ paymentStatus: 'OVERPAID', due: { amount: 0 } });
    const paid = await orders.admin(`select count(*)::int as events from events.log where aggregate = $1 and type = 'order.paid'`, [
      order.id,
    ]);
    expect(paid).toEqual([{ events: 1 }]);
  });

  it('records money for a cancelled order, and announces no paid order', async () => {
    const order = await desk.order();
    await desk.mutate('orderCancel', { orderId: order.id, reason: 'DECLINED', idempotencyKey: key() });
    const { order: paid } = await desk.mutate(
      'orderPaymentRecord',
      input(order, { captured: 2500 }),
      'order { status paymentStatus paidAt version events { nodes { kind } } }',
    );
    expect(paid).toEqual({
      status: 'CANCELLED',
      paymentStatus: 'PAID',
      paidAt: null,
      version: 3,
      events: { nodes: [{ kind: 'PLACED' }, { kind: 'CANCELLED' }, { kind: 'PAYMENT_RECORDED' }] },
    });
    const events = await orders.admin('select type from events.log where aggregate = $1 order by position', [order.id]);
    expect(events.map(({ type }) => type)).toEqual(['order.placed', 'order.cancelled', 'orderPayment.recorded']);
  });

  it('records one payment for 50 concurrent calls with one key, and gives the same answer to all', async () => {
    const order = await desk.order();
    const once = input(order);
    const answers = await Promise.all(
      Array.from({ length: 50 }, () =>
        desk.mutate('orderPaymentRecord', once, 'payment { id captured { amount } } order { version captured { amount } }'),
      ),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ order: { version: 2, captured: { amount: 1000 } }, userErrors: [] });
  });

  it('takes a payment of a provider once, whatever the keys', async () => {
    const order = await desk.order();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () =>
        desk.mutate('orderPaymentRecord', input(order, { provider: 'stripe', externalId: 'pi_1' }), 'order { id }'),
      ),
    );
    expect(answers.filter((answer) => answer.userErrors.length === 0)).toHaveLength(1);
    const elsewhere = orders.desk();
    await elsewhere.pay(await elsewhere.order(), 1000, { provider: 'stripe', externalId: 'pi_1' });
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const order = await desk.order();
    const foreign = await orders.desk().order();
    expect(await refused(order, { captured: null })).toEqual([['REQUIRED', 'captured']]);
    expect(await refused(order, { captured: 0 })).toEqual([['INVALID', 'captured']]);
    expect(await refused(order, { captured: -5 })).toEqual([['INVALID', 'captured']]);
    expect(await refused(order, { captured: 6, authorized: 5 })).toEqual([['AMOUNT_TOO_HIGH', 'captured']]);
    expect(await refused(order, { externalId: 'x' })).toEqual([['REQUIRED', 'provider']]);
    expect(await refused(order, { provider: 'x y' })).toEqual([['INVALID', 'provider']]);
    expect(await refused(order, { provider: 'IMPORT', externalId: '536365' })).toEqual([['INVALID', 'provider']]);
    expect(await refused(order, { provider: 'Import' })).toEqual([['INVALID', 'provider']]);
    expect(await refused(order, { captured: 10_000_000_000_001 })).toEqual([['AMOUNT_TOO_HIGH', null]]);
    expect(await refused(order, { provider: 'x', externalId: 'y'.repeat(201) })).toEqual([['TOO_LONG', 'externalId']]);
    expect(await refused({ id: 'nonsense' }, {})).toEqual([['NOT_FOUND', 'orderId']]);
    expect(await refused({ id: newId('ord') }, {})).toEqual([['NOT_FOUND', 'orderId']]);
    expect(await refused(foreign, {})).toEqual([['NOT_FOUND', 'orderId']]);
    await orders.admin(`update orders.orders set status = 'DRAFT', draft = '{}', number = -number where id = $1`, [toUuid(order.id)]);
    expect(await refused(order, {})).toEqual([['ORDER_IS_DRAFT', null]]);
    expect(await desk.staff.data('query ($id: ID!) { order(id: $id) { version payments { id } } }', { id: order.id })).toEqual({
      order: { version: 1, payments: [] },
    });
  });
});
