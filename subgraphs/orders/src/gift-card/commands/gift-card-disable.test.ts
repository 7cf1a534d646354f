import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { key, ordersHarness } from '../../../test/desk.ts';
import { capture, entriesOf, issueCard, payByCard, stateOf } from '../../../test/gift-cards.ts';

const orders = await ordersHarness();
const desk = orders.desk();

describe('giftCardDisable', () => {
  it('ends the use of a card, and keeps what it has promised', async () => {
    const card = await issueCard(desk);
    const payment = await payByCard(desk, await desk.order(), card, 2000);
    await desk.mutate('giftCardDisable', { giftCardId: card.id, reason: 'Stolen' });
    expect(await stateOf(desk, card)).toEqual({ balance: 5000, held: 2000, status: 'DISABLED' });
    const again = { orderId: (await desk.order()).id, giftCardId: card.id, idempotencyKey: key() };
    expect(await desk.refused('orderGiftCardApply', again)).toEqual([['DISABLED', 'code']]);
    expect(await capture(desk, payment)).toMatchObject({ userErrors: [] });
    expect(await entriesOf(desk, card)).toEqual(['ISSUE 5000 0', 'HOLD 0 2000', 'DISABLE 0 0', 'CAPTURE -2000 -2000']);
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const card = await issueCard(desk);
    const refused = (giftCardId: string, rest: object = {}) => desk.refused('giftCardDisable', { giftCardId, ...rest });
    expect(await refused(newId('gft'))).toEqual([['NOT_FOUND', 'giftCardId']]);
    expect(await refused((await issueCard(orders.desk())).id)).toEqual([['NOT_FOUND', 'giftCardId']]);
    expect(await refused(card.id, { reason: 'x'.repeat(1001) })).toEqual([['TOO_LONG', 'reason']]);
    await desk.mutate('giftCardDisable', { giftCardId: card.id });
    expect(await refused(card.id)).toEqual([['ALREADY_DISABLED', null]]);
    expect(await entriesOf(desk, card)).toEqual(['ISSUE 5000 0', 'DISABLE 0 0']);
  });
});
