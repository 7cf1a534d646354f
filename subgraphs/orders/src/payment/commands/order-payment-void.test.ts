import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { key, ordersHarness } from '../../../test/desk.ts';

const orders = await ordersHarness();
const desk = orders.desk();
const input = (paymentId: string, rest: object = {}) => ({ paymentId, idempotencyKey: key(), ...rest });

describe('orderPaymentVoid', () => {
  it('lets go of what is held and keeps what was captured', async () => {
    const order = await desk.order();
    const payment = await desk.pay(order, 400, { authorized: 1000 });
    const answer = await desk.mutate(
      'orderPaymentVoid',
      input(payment),
      'payment { status captured { amount } voidedAt } order { paymentStatus authorized { amount } captured { amount } }',
    );
    expect(answer).toMatchObject({
      payment: { status: 'CAPTURED', captured: { amount: 400 }, voidedAt: expect.any(String) },
      order: { paymentStatus: 'PARTIALLY_PAID', authorized: { amount: 0 }, captured: { amount: 400 } },
    });
  });

  it('lets go once for 50 concurrent calls with one key, and gives the same answer to all', async () => {
    const payment = await desk.pay(await desk.order(), 1, { captured: null, authorized: 1000 });
    const once = input(payment);
    const answers = await Promise.all(
      Array.from({ length: 50 }, () =>
        desk.mutate('orderPaymentVoid', once, 'payment { id status } order { version authorized { amount } }'),
      ),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ payment: { status: 'VOIDED' }, order: { version: 3, authorized: { amount: 0 } } });
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const elsewhere = orders.desk();
    const foreign = await elsewhere.pay(await elsewhere.order(), 1, { captured: null, authorized: 1000 });
    const refused = (id: string, rest: object = {}) => desk.refused('orderPaymentVoid', input(id, rest));
    expect(await refused('')).toEqual([['NOT_FOUND', 'paymentId']]);
    expect(await refused(newId('opm'))).toEqual([['NOT_FOUND', 'paymentId']]);
    expect(await refused(foreign)).toEqual([['NOT_FOUND', 'paymentId']]);
    const captured = await desk.pay(await desk.order(), 1000);
    expect(await refused(captured)).toEqual([['NOTHING_TO_VOID', null]]);
    expect(await refused(captured, { idempotencyKey: 'a b' })).toEqual([['INVALID', 'idempotencyKey']]);
    const held = await desk.pay(await desk.order(), 1, { captured: null, authorized: 1000 });
    await desk.mutate('orderPaymentVoid', input(held));
    expect(await refused(held)).toEqual([['ALREADY_VOIDED', null]]);
  });
});
