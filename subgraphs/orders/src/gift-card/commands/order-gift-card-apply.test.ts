import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { key, line, ordersHarness } from '../../../test/desk.ts';
import { capture, discrepancies, entriesOf, issueCard, payByCard, stateOf } from '../../../test/gift-cards.ts';

const orders = await ordersHarness();
const desk = orders.desk();
const input = (order: { id: string }, rest: object) => ({ orderId: order.id, idempotencyKey: key(), ...rest });
const fields = `payment { tender status authorized { amount } giftCard { id } }
  order { paymentStatus authorized { amount } due { amount } events { nodes { kind } } }`;

describe('orderGiftCardApply', () => {
  it('holds on the card what the order needs, and what the card has of it', async () => {
    const order = await desk.order();
    const [small, large] = [await issueCard(desk, { amount: 1000 }), await issueCard(desk)];
    expect(await desk.mutate('orderGiftCardApply', input(order, { code: small.code }), fields)).toMatchObject({
      payment: { tender: 'GIFT_CARD', status: 'AUTHORIZED', authorized: { amount: 1000 }, giftCard: { id: small.id } },
      order: { paymentStatus: 'AUTHORIZED', authorized: { amount: 1000 }, due: { amount: 2500 } },
    });
    const { order: after } = await desk.mutate<{ order: { events: { nodes: { kind: string }[] } } }>(
      'orderGiftCardApply',
      input(order, { giftCardId: large.id }),
      fields,
    );
    expect(after).toMatchObject({ authorized: { amount: 2500 } });
    expect(after.events.nodes.map(({ kind }) => kind)).toEqual(['PLACED', 'GIFT_CARD_APPLIED', 'GIFT_CARD_APPLIED']);
    expect(await stateOf(desk, large)).toEqual({ balance: 5000, held: 1500, status: 'ACTIVE' });
    expect(await desk.refused('orderGiftCardApply', input(order, { giftCardId: large.id }))).toEqual([['NOTHING_TO_PAY', null]]);
    expect(await discrepancies(orders, desk)).toEqual([]);
  });

  it('is captured, voided and refunded as any payment, and the card follows', async () => {
    const card = await issueCard(desk);
    const order = await desk.order();
    const payment = await payByCard(desk, order, card);
    await capture(desk, payment, 1500);
    expect(await stateOf(desk, card)).toEqual({ balance: 3500, held: 1000, status: 'ACTIVE' });
    await desk.mutate('orderPaymentVoid', { paymentId: payment, idempotencyKey: key() }, 'payment { id }');
    await desk.mutate('orderRefund', { orderId: order.id, amount: 400, reason: 'GOODWILL', idempotencyKey: key() });
    expect(await stateOf(desk, card)).toEqual({ balance: 3900, held: 0, status: 'ACTIVE' });
    expect(await entriesOf(desk, card)).toEqual(['ISSUE 5000 0', 'HOLD 0 2500', 'CAPTURE -1500 -1500', 'RELEASE 0 -1000', 'REFUND 400 0']);
    expect(await discrepancies(orders, desk)).toEqual([]);
  });

  it('lets go of the cards of an order that is cancelled, and gives back what they paid', async () => {
    const cards = [await issueCard(desk, { amount: 1000 }), await issueCard(desk)] as const;
    const order = await desk.order();
    const payments = [await payByCard(desk, order, cards[0]), await payByCard(desk, order, cards[1])] as const;
    await capture(desk, payments[0]);
    await desk.mutate('orderCancel', { orderId: order.id, reason: 'CUSTOMER', refund: true, idempotencyKey: key() });
    expect(await stateOf(desk, cards[0])).toEqual({ balance: 1000, held: 0, status: 'ACTIVE' });
    expect(await stateOf(desk, cards[1])).toEqual({ balance: 5000, held: 0, status: 'ACTIVE' });
  });

  it('holds once for 50 concurrent calls with one key, and gives the same answer to all', async () => {
    const card = await issueCard(desk);
    const once = input(await desk.order(), { code: card.code, amount: 100 });
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => desk.mutate('orderGiftCardApply', once, 'payment { id } order { version }')),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await stateOf(desk, card)).toEqual({ balance: 5000, held: 100, status: 'ACTIVE' });
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const mine = await desk.customer();
    const [card, used, foreign] = [await issueCard(desk), await issueCard(desk, { amount: 1 }), await issueCard(orders.desk())];
    const [yen, restricted, disabled] = [
      await issueCard(desk, { currency: 'JPY' }),
      await issueCard(desk, { customerId: mine }),
      await issueCard(desk),
    ];
    await desk.mutate('giftCardDisable', { giftCardId: disabled.id });
    await capture(desk, await payByCard(desk, await desk.order(), used));
    const order = await desk.order();
    const refused = (rest: object, of: { id: string } = order) => desk.refused('orderGiftCardApply', input(of, rest));
    // Nothing tells a code that is none from one that may not be used here.
    const none = [['NOT_FOUND', 'code']];
    expect(await refused({ code: 'AAAA-AAAA-AAAA-AAAA' })).toEqual(none);
    expect(await refused({ code: foreign.code })).toEqual(none);
    expect(await refused({ code: restricted.code })).toEqual(none);
    expect(await refused({ code: disabled.code })).toEqual(none);
    expect(await refused({ giftCardId: foreign.id })).toEqual(none);
    expect(await refused({ giftCardId: newId('gft') })).toEqual(none);
    expect(await refused({ code: yen.code })).toEqual([['CURRENCY_MISMATCH', 'code']]);
    expect(await refused({ code: used.code })).toEqual([['INSUFFICIENT_BALANCE', 'amount']]);
    expect(await refused({ giftCardId: card.id, amount: 2501 })).toEqual([['AMOUNT_TOO_HIGH', 'amount']]);
    expect(await refused({ giftCardId: card.id, amount: 0 })).toEqual([['INVALID', 'amount']]);
    expect(await refused({ giftCardId: card.id, amount: -1 })).toEqual([['INVALID', 'amount']]);
    expect(await refused({ giftCardId: card.id, code: card.code })).toEqual([['CODE_OR_GIFT_CARD', 'code']]);
    expect(await refused({})).toEqual([['CODE_OR_GIFT_CARD', 'code']]);
    expect(await refused({ giftCardId: card.id }, { id: 'ord_x' })).toEqual([['NOT_FOUND', 'orderId']]);
    expect(await refused({ giftCardId: card.id }, await orders.desk().order())).toEqual([['NOT_FOUND', 'orderId']]);
    const large = await desk.order({ lines: [line({ quantity: 1, unitPrice: 9999 })] });
    expect(await refused({ giftCardId: card.id, amount: 5001 }, large)).toEqual([['INSUFFICIENT_BALANCE', 'amount']]);
    const cancelled = await desk.order();
    await desk.mutate('orderCancel', { orderId: cancelled.id, reason: 'STAFF', idempotencyKey: key() });
    expect(await refused({ giftCardId: card.id }, cancelled)).toEqual([['ORDER_CLOSED', null]]);
    expect(await stateOf(desk, card)).toEqual({ balance: 5000, held: 0, status: 'ACTIVE' });
    expect(await payByCard(desk, await desk.order({ customerId: mine }), restricted)).toMatch(/^opm_/);
  });
});
