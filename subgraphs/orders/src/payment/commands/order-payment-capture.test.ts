import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { key, ordersHarness } from '../../../test/desk.ts';
import { discrepancies, issueCard, payByCard, stateOf } from '../../../test/gift-cards.ts';

const orders = await ordersHarness();
const desk = orders.desk();
const held = async (authorized: number) => {
  const order = await desk.order();
  return { order, payment: await desk.pay(order, 1, { captured: null, authorized }) };
};
const input = (paymentId: string, rest: object = {}) => ({ paymentId, idempotencyKey: key(), ...rest });

describe('orderPaymentCapture', () => {
  it('takes a part, then all that is held when no amount is named', async () => {
    const { payment } = await held(2500);
    const capture = (rest: object) =>
      desk.mutate(
        'orderPaymentCapture',
        input(payment, rest),
        'payment { status captured { amount } } order { paymentStatus authorized { amount } }',
      );
    expect(await capture({ amount: 1000 })).toMatchObject({
      payment: { status: 'PARTIALLY_CAPTURED', captured: { amount: 1000 } },
      order: { paymentStatus: 'PARTIALLY_PAID', authorized: { amount: 1500 } },
    });
    expect(await capture({})).toMatchObject({
      payment: { status: 'CAPTURED', captured: { amount: 2500 } },
      order: { paymentStatus: 'PAID', authorized: { amount: 0 } },
    });
  });

  it('takes no more than the order still needs when no amount is named, and lets the rest go, to its gift card too', async () => {
    const order = await desk.order();
    const card = await issueCard(desk);
    const payment = await payByCard(desk, order, card);
    const lowered = {
      orderId: order.id,
      expectedVersion: 2,
      setLines: [{ lineId: order.lines[0]?.id, quantity: 1 }],
      idempotencyKey: key(),
    };
    expect((await desk.mutate('orderEdit', lowered)).userErrors).toEqual([]);
    const selection = `payment { status captured { amount } } order { paymentStatus authorized { amount } captured { amount } balance { amount }
      events(first: 9) { nodes { kind amount { amount } } } }`;
    expect(await desk.mutate('orderPaymentCapture', input(payment), selection)).toEqual({
      payment: { status: 'CAPTURED', captured: { amount: 1250 } },
      order: {
        paymentStatus: 'PAID',
        authorized: { amount: 0 },
        captured: { amount: 1250 },
        balance: { amount: 0 },
        events: {
          nodes: [
            { kind: 'PLACED', amount: { amount: 2500 } },
            { kind: 'GIFT_CARD_APPLIED', amount: { amount: 2500 } },
            { kind: 'EDITED', amount: { amount: 1250 } },
            { kind: 'PAYMENT_CAPTURED', amount: { amount: 1250 } },
            { kind: 'PAYMENT_VOIDED', amount: { amount: 1250 } },
            { kind: 'PAID', amount: { amount: 1250 } },
          ],
        },
      },
      userErrors: [],
    });
    expect(await stateOf(desk, card)).toEqual({ balance: 3750, held: 0, status: 'ACTIVE' });
    expect(await discrepancies(orders, desk)).toEqual([]);
  });

  it('takes what is named although the order needs less, and nothing unnamed once it is paid', async () => {
    const { order, payment } = await held(4000);
    await desk.pay(order, 2500);
    expect(await desk.refused('orderPaymentCapture', input(payment))).toEqual([['NOTHING_TO_CAPTURE', null]]);
    expect(
      await desk.mutate(
        'orderPaymentCapture',
        input(payment, { amount: 1000 }),
        'payment { captured { amount } } order { paymentStatus authorized { amount } }',
      ),
    ).toMatchObject({ payment: { captured: { amount: 1000 } }, order: { paymentStatus: 'OVERPAID', authorized: { amount: 3000 } } });
  });

  it('captures once for 50 concurrent calls with one key, and gives the same answer to all', async () => {
    const { payment } = await held(2500);
    const once = input(payment, { amount: 100 });
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => desk.mutate('orderPaymentCapture', once, 'payment { id captured { amount } } order { version }')),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ payment: { captured: { amount: 100 } }, order: { version: 3 } });
  });

  it('never takes more than was authorised, whatever comes at once', async () => {
    const { payment } = await held(2500);
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => desk.mutate('orderPaymentCapture', input(payment, { amount: 1000 }), 'payment { id }')),
    );
    expect(answers.filter((answer) => answer.userErrors.length === 0)).toHaveLength(2);
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const { payment, order } = await held(1000);
    const elsewhere = orders.desk();
    const foreign = await elsewhere.pay(await elsewhere.order(), 1, { captured: null, authorized: 1000 });
    const refused = (id: string, rest: object = {}) => desk.refused('orderPaymentCapture', input(id, rest));
    expect(await refused(payment, { amount: 0 })).toEqual([['INVALID', 'amount']]);
    expect(await refused(payment, { amount: 1001 })).toEqual([['AMOUNT_TOO_HIGH', 'amount']]);
    expect(await refused(payment, { idempotencyKey: 'x'.repeat(256) })).toEqual([['TOO_LONG', 'idempotencyKey']]);
    expect(await refused('opm_x')).toEqual([['NOT_FOUND', 'paymentId']]);
    expect(await refused(newId('opm'))).toEqual([['NOT_FOUND', 'paymentId']]);
    expect(await refused(foreign)).toEqual([['NOT_FOUND', 'paymentId']]);
    expect(await desk.staff.data('query ($id: ID!) { order(id: $id) { version } }', { id: order.id })).toEqual({ order: { version: 2 } });
    await desk.mutate('orderPaymentCapture', input(payment));
    expect(await refused(payment)).toEqual([['NOTHING_TO_CAPTURE', null]]);
    const { payment: voided } = await held(1000);
    await desk.mutate('orderPaymentVoid', input(voided));
    expect(await refused(voided)).toEqual([['ALREADY_VOIDED', null]]);
  });
});
