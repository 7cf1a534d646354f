import { movableClock, newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { key, ordersHarness } from '../../../test/desk.ts';
import { capture, issueCard, payByCard, stateOf } from '../../../test/gift-cards.ts';

const clock = movableClock(new Date('2026-03-01T12:00:00.000Z'));
const orders = await ordersHarness({ clock });
const desk = orders.desk();
const day = 24 * 60 * 60 * 1000;

describe('giftCardExpirySet', () => {
  it('ends and renews the use of a card, judged by the clock at each read', async () => {
    const card = await issueCard(desk);
    const payment = await payByCard(desk, await desk.order(), card, 2000);
    await desk.mutate('giftCardExpirySet', { giftCardId: card.id, expiresAt: new Date(clock.now().getTime() + day).toISOString() });
    clock.advance(day - 1);
    expect(await stateOf(desk, card)).toMatchObject({ status: 'ACTIVE' });
    clock.advance(1);
    expect(await stateOf(desk, card)).toEqual({ balance: 5000, held: 2000, status: 'EXPIRED' });
    const again = { orderId: (await desk.order()).id, giftCardId: card.id, idempotencyKey: key() };
    expect(await desk.refused('orderGiftCardApply', again)).toEqual([['EXPIRED', 'code']]);
    // Promised in time.
    expect(await capture(desk, payment)).toMatchObject({ userErrors: [] });
    await desk.mutate('giftCardExpirySet', { giftCardId: card.id });
    expect(await stateOf(desk, card)).toEqual({ balance: 3000, held: 0, status: 'ACTIVE' });
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const card = await issueCard(desk);
    const refused = (giftCardId: string, rest: object = {}) => desk.refused('giftCardExpirySet', { giftCardId, ...rest });
    expect(await refused(card.id, { expiresAt: clock.now().toISOString() })).toEqual([['INVALID', 'expiresAt']]);
    expect(await refused(card.id, { reason: 'x'.repeat(1001) })).toEqual([['TOO_LONG', 'reason']]);
    expect(await refused(newId('gft'))).toEqual([['NOT_FOUND', 'giftCardId']]);
    expect(await refused((await issueCard(orders.desk())).id)).toEqual([['NOT_FOUND', 'giftCardId']]);
    expect(await stateOf(desk, card)).toMatchObject({ status: 'ACTIVE' });
  });
});
